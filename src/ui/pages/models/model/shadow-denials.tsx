import type { ShadowDenial } from '../../../../admin/schemas/models.ts';
import { List } from '../../../parts/list/list.tsx';
import { Time } from '../../../parts/time.tsx';
import { link } from '../../../route.ts';

/** Whom enabling authentication would break (B45), by caller and reason. */
export function ShadowDenials({ path }: { path: string }) {
  return (
    <>
      <h3>Who would be refused</h3>
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
            Nobody so far: every call since shadow was turned on would be let through. See{' '}
            <a href={link`/live`}>Live</a> for whether there were any.
          </p>
        }
      />
    </>
  );
}
