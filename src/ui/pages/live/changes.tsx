import type { Live } from '../../../admin/schemas/live.ts';
import { useSignedIn } from '../../api/session.tsx';
import { counted } from '../../parts/in-words.ts';
import { Time } from '../../parts/time.tsx';
import { link } from '../../route.ts';

/** More would not be read here. */
const shownMax = 50;

/** What the marks in the plots stand for. */
export function Changes({ changes }: { changes: Live['changes'] }) {
  const { session } = useSignedIn();
  return (
    <section class="part">
      <h2>Changes in this time</h2>
      {changes.length === 0 && <p>None that you may see. Each is a mark in the plots.</p>}
      <ul class="changes">
        {changes.slice(0, shownMax).map(({ at, revision, action, target, count }) => (
          <li key={revision}>
            <Time at={at} /> <code>{action}</code> {target}
            {count > 1 && <span class="soft"> and {counted(count - 1, 'other change')}</span>}{' '}
            {session.site_admin ? (
              <a href={`${link`/audit`}?revision=${revision}`}>revision {revision}</a>
            ) : (
              <span class="soft">revision {revision}</span>
            )}
          </li>
        ))}
      </ul>
      {changes.length > shownMax && <p>and {counted(changes.length - shownMax, 'earlier one')}</p>}
    </section>
  );
}
