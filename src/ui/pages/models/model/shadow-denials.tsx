import type { ShadowDenial, ShadowDenialList } from '../../../../admin/schemas/models.ts';
import { useLoaded } from '../../../api/use-loaded.ts';
import { counted } from '../../../parts/in-words.ts';
import { List } from '../../../parts/list/list.tsx';
import { Time } from '../../../parts/time.tsx';
import { link } from '../../../route.ts';

/** Whom enabling authentication would break (B45), by caller and reason. */
export function ShadowDenials({ path }: { path: string }) {
  return (
    <>
      <h3>Who would be refused</h3>
      <Counted path={path} />
      <List<ShadowDenial>
        title="Who would be refused"
        noun={['caller', 'callers']}
        path={`${path}/shadow_denials`}
        prefix="shadow_"
        entriesOf={(body: { shadow_denials: ShadowDenial[] }) => body.shadow_denials}
        idOf={({ principal, key_id, address, reason }) => [principal, key_id, address, reason].join(' ')}
        search="Find a caller"
        columns={[
          { title: 'Caller', cell: ({ principal, address }) => principal ?? address ?? 'others' },
          { title: 'Key ID', cell: ({ key_id }) => (key_id ? <code>{key_id}</code> : 'no API key') },
          { title: 'Reason', cell: ({ reason }) => <code>{reason}</code> },
          { title: 'Calls', sort: 'count', isNumber: true, cell: ({ count }) => count.toLocaleString('en') },
          { title: 'Last', sort: 'last_at', cell: ({ last_at }) => <Time at={last_at} /> },
        ]}
        empty={
          <p>
            No call that authentication would refuse was counted. See <a href={link`/live`}>Live</a> for what comes now.
          </p>
        }
      />
    </>
  );
}

/** Since when and of how many calls: a list of nobody says nothing without. */
function Counted({ path }: { path: string }) {
  const { data } = useLoaded(`${path} counted`, (api, signal) =>
    api.get<ShadowDenialList>(`${path}/shadow_denials`, { page_size: 1 }, signal),
  );
  if (!data?.since) {
    return null;
  }
  return (
    <p>
      Since <Time at={data.since} />, {counted(data.calls, 'call')} came.{' '}
      {data.calls === 0
        ? 'So nothing is known yet.'
        : `Of these, ${data.refused_calls.toLocaleString('en')} would be refused.`}
    </p>
  );
}
