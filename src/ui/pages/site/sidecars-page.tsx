import type { Fleet } from '../../../admin/schemas/fleet.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { counted } from '../../parts/in-words.ts';
import { Table } from '../../parts/list/table.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';

type Sidecar = Fleet['sidecars'][number];

/** Who answers checks, and how far each has come. */
export function SidecarsPage() {
  const { data, error, reload } = useLoaded('fleet', (api, signal) => api.get<Fleet>('/fleet', {}, signal));
  return (
    <>
      <div class="head">
        <h1>Sidecars</h1>
        <div class="actions">
          <button type="button" onClick={reload}>
            Read again
          </button>
        </div>
      </div>
      {error && <Problem error={error} retry={reload} />}
      {!data && !error && <Skeleton />}
      {data && <Followers fleet={data} />}
    </>
  );
}

function Followers({ fleet: { revision, oldest_revision, sidecars } }: { fleet: Fleet }) {
  const behind = sidecars.filter(each => each.revision < revision).length;
  return (
    <>
      <p>
        The newest revision is <span class="number">{revision}</span>. Every check is answered by revision{' '}
        <span class="number">{oldest_revision}</span> or a newer one.
      </p>
      {sidecars.length === 0 ? (
        <p class="empty">
          A sidecar answers the checks of an Envoy beside it, from a copy of this site that follows every change. None
          is connected: this server answers all checks itself, so a change is in force for all of them when it is
          answered.
        </p>
      ) : (
        <>
          <p class={behind === 0 ? '' : 'warning'}>
            {counted(sidecars.length, 'sidecar')}, {behind} behind
          </p>
          <Table<Sidecar>
            title="Sidecars"
            entries={sidecars}
            idOf={({ id }) => id}
            sort={undefined}
            sortBy={() => undefined}
            columns={[
              { title: 'Sidecar', cell: ({ id }) => id },
              { title: 'Version', cell: ({ version }) => version },
              { title: 'Address', cell: ({ address }) => <span class="number">{address}</span> },
              { title: 'Revision', isNumber: true, cell: each => each.revision },
              { title: 'Behind for', isNumber: true, cell: ({ lag_seconds }) => `${lag_seconds} s` },
              { title: 'Connected', cell: ({ since }) => <Time at={since} /> },
            ]}
          />
        </>
      )}
    </>
  );
}
