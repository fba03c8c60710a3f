import { useState } from 'preact/hooks';
import type { TestAnswer } from '../../../admin/schemas/test-model.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { Form } from '../../parts/form/form.tsx';
import { sentence } from '../../parts/problem.tsx';
import { CallFacts } from '../models/model/call-facts.tsx';

interface Props {
  readonly projectId: string;
  readonly modelId: string;
  readonly apiKey: string;
}

/** Makes the call through the gateway, or asks for the decision where no gateway is set. */
export function CallStep({ projectId, modelId, apiKey }: Props) {
  const { api } = useSignedIn();
  const [outcome, setTestAnswer] = useState<TestAnswer>();
  return (
    <>
      <Form
        fields={[]}
        submit={outcome ? 'Make the call again' : 'Make the call'}
        send={async () => {
          const path = `${apiPath`/projects/${projectId}/models/${modelId}`}:test`;
          setTestAnswer((await api.send<TestAnswer>('POST', path, { api_key: apiKey })).body);
        }}
      />
      {outcome && <Told outcome={outcome} />}
    </>
  );
}

function Told({ outcome }: { outcome: TestAnswer }) {
  const { status_code, via, message, explanation } = outcome;
  const isAnswered = status_code !== null && status_code >= 200 && status_code < 300;
  const isFine = via === 'gateway' ? isAnswered : explanation.decision === 'allow';
  return (
    <>
      <div role="status">
        <p class={isFine ? 'good' : 'fault'}>
          {isFine && (via === 'gateway' ? 'The call succeeded.' : 'The call would be let through.')}
          {!isFine && (status_code === null ? 'The call got no answer.' : `The call was answered with ${status_code}.`)}
        </p>
        {!isFine && <p>{sentence(message)}</p>}
        {via === 'decision' && (
          <p class="soft">No gateway is named in the settings, so the decision alone was asked for.</p>
        )}
      </div>
      <CallFacts answer={outcome} />
    </>
  );
}
