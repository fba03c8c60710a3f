import type { Denial, DenialList } from '../../../admin/schemas/denials.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { Form } from '../../parts/form/form.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { useQuery } from '../../route.ts';
import { Explained } from './explained.tsx';

/** Finds a refused call by the id that its caller got, which stands in the address so that it can be passed on. */
export function RefusedCall() {
  const [{ request_id = '' }, change] = useQuery();
  return (
    <section class="part">
      <h2>A call that was refused</h2>
      <Form
        key={request_id}
        fields={[
          {
            name: 'request_id',
            label: 'Request ID',
            kind: 'text',
            value: request_id,
            isRequired: true,
            hint: 'Of the answer: requestId in its body, or its header x-modelgate-request-id.',
          },
        ]}
        submit="Find call"
        send={async values => change({ request_id: values['request_id'] })}
      />
      {request_id && <Found requestId={request_id} />}
    </section>
  );
}

function Found({ requestId }: { requestId: string }) {
  const { data, error, reload } = useLoaded(`denial ${requestId}`, (api, signal) =>
    api.get<DenialList>('/denials', { request_id: requestId, page_size: 1 }, signal),
  );
  if (error) {
    return <Problem error={error} retry={reload} />;
  }
  if (!data) {
    return <Skeleton />;
  }
  const [denial] = data.denials;
  return denial ? (
    <Told denial={denial} />
  ) : (
    <p role="status">
      Nothing is known of this call here: it was let through, is not among the last 10,000 that this server refused, or
      is of a model that you do not administer. Describe it below instead.
    </p>
  );
}

function Told({ denial }: { denial: Denial }) {
  const { at, reason, model_id, key_id, caller_address } = denial;
  return (
    <>
      <dl class="facts">
        <dt>Refused</dt>
        <dd>
          <Time at={at} />
        </dd>
        <dt>Reason</dt>
        <dd>
          <code>{reason}</code>
        </dd>
        <dt>Model</dt>
        <dd>{model_id ? <code>{model_id}</code> : 'none: the call named no model that there is'}</dd>
        <dt>API key</dt>
        <dd>{key_id ? <code>{key_id}</code> : 'none that is known'}</dd>
        <dt>From</dt>
        <dd class="number">{caller_address}</dd>
      </dl>
      {model_id && key_id && (
        <>
          <p>The same call by what holds now:</p>
          <Explained asked={{ model_id, key_id, at }} />
        </>
      )}
      {!(model_id && key_id) && <p>{unknownWords(denial)}</p>}
    </>
  );
}

/** What is left to be told where the rules can't be walked again: the key itself is never kept. */
function unknownWords({ reason, model_id }: Denial): string {
  return model_id
    ? `What the call carried as its API key is not kept, so it can't be decided again. It was refused for ${reason}: describe the call below with the key that was meant.`
    : `No model is known of the call, so it can't be decided again. It was refused for ${reason}: look at the access key that it carried.`;
}
