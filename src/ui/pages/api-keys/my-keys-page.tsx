import { useSignedIn } from '../../api/session.tsx';
import { counted } from '../../parts/in-words.ts';
import { KeyList } from './key-list.tsx';

/** The API keys of whoever is signed in. */
export function MyKeysPage() {
  const { session } = useSignedIn();
  const { within_7_days, within_30_days } = session.expiring_keys;
  return (
    <>
      <h1>My API keys</h1>
      {within_30_days > 0 && (
        <p class="warning">
          {counted(within_30_days, 'key')} of yours {within_30_days === 1 ? 'expires' : 'expire'} within 30 days
          {within_7_days > 0 && `, ${within_7_days} of them within 7`}: rotate what is still used.
        </p>
      )}
      <KeyList owner={{ kind: 'user', name: session.username }} />
    </>
  );
}
