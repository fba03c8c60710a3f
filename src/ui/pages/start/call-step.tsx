import { useState } from 'preact/hooks';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { Form } from '../../parts/form/form.tsx';

interface Props {
  readonly projectId: string;
  readonly modelId: string;
  readonly apiKey: string;
}

/** What a test of a model answers. */
interface Outcome {
  readonly status_code: number | null;
  readonly replica_id: string | null;
  readonly reason: string | null;
  readonly message: string;
  readonly via: 'gateway' | 'decision';
}

/** Makes the call through the gateway, or asks for the decision where no gateway is set. */
export function CallStep({ projectId, modelId, apiKey }: Props) {
  const { api } = useSignedIn();
  const [outcome, setOutcome] = useState<Outcome>();
  return (
    <>
      <Form
        fields={[]}
        submit={outcome ? 'Make the call again' : 'Make the call'}
        send={async () => {
          const path = `${apiPath`/projects/${projectId}/models/${modelId}`}:test`;
          setOutcome((await api.send<Outcome>('POST', path, { api_key: apiKey })).body);
        }}
      />
      {outcome && <Told outcome={outcome} />}
    </>
  );
}

function Told({ outcome }: { outcome: Outcome }) {
  const { status_code, replica_id, via, message } = outcome;
  const isFine = status_code === null || (status_code >= 200 && status_code < 300);
  return (
    <div role="status">
      <p class={isFine ? 'good' : 'fault'}>
        {isFine && (via === 'gateway' ? 'The call succeeded.' : 'The call would be let through.')}
        {!isFine && `The call was answered with ${status_code}.`}
        {replica_id && ` Replica ${replica_id} answered.`}
      </p>
      {message && <p>{message}</p>}
      {via === 'decision' && (
        <p class="soft">No gateway is named in the settings, so the decision alone was asked for.</p>
      )}
    </div>
  );
}
