import type { Denial, DenialList } from '../../../admin/schemas/denials.ts';
import { ErrorBoundary } from '../../parts/error-boundary.tsx';
import { List } from '../../parts/list/list.tsx';
import { Time } from '../../parts/time.tsx';
import { link } from '../../route.ts';
import { DescribedCall } from './described-call.tsx';
import { RefusedCall } from './refused-call.tsx';

/** Why a call was refused: by the request id of its answer, or by what the call is like. */
export function ExplainPage() {
  return (
    <>
      <h1>Explain</h1>
      <ErrorBoundary what="The search for a call">
        <RefusedCall />
      </ErrorBoundary>
      <ErrorBoundary what="The description of a call">
        <DescribedCall />
      </ErrorBoundary>
      <section class="part">
        <h2>Calls refused lately</h2>
        <ErrorBoundary what="The list of refused calls">
          <RefusedCalls />
        </ErrorBoundary>
      </section>
    </>
  );
}

/** What this server refused (B48), as far as whoever is signed in may see it. */
function RefusedCalls() {
  return (
    <List<Denial>
      title="Calls refused lately"
      noun={['call', 'calls']}
      path="/denials"
      prefix="denials_"
      pageSize={20}
      entriesOf={(body: DenialList) => body.denials}
      idOf={({ at, request_id }) => `${at} ${request_id}`}
      search="Find any text"
      filters={[
        { name: 'model_id', label: 'Model' },
        { name: 'key_id', label: 'Key ID' },
        { name: 'reason', label: 'Reason' },
      ]}
      columns={[
        { title: 'When', sort: 'at', cell: ({ at }) => <Time at={at} /> },
        { title: 'Reason', cell: ({ reason }) => <code>{reason}</code> },
        { title: 'Model', cell: denial => <ModelOf denial={denial} /> },
        { title: 'Key ID', cell: ({ key_id }) => key_id && <code>{key_id}</code> },
        { title: 'From', cell: ({ caller_address }) => <span class="number">{caller_address}</span> },
        {
          title: 'Request ID',
          cell: ({ request_id }) => (
            <a href={`${link`/explain`}?request_id=${encodeURIComponent(request_id)}`}>{request_id}</a>
          ),
        },
      ]}
      empty={
        <p>
          None that you may see. Refused calls of a model are shown to the admins of its project, from the start of the
          server on.
        </p>
      }
    />
  );
}

function ModelOf({ denial: { project_id, model_id } }: { denial: Denial }) {
  return project_id === null || model_id === null ? null : (
    <a href={link`/projects/${project_id}/models/${model_id}`}>{model_id}</a>
  );
}
