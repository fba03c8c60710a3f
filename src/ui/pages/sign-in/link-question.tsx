import { useEffect, useState } from 'preact/hooks';
import type { LinkUser } from '../../../admin/schemas/sessions.ts';
import type { Api } from '../../api/api.ts';

interface Props {
  readonly api: Api;
  readonly token: string;
  /** Who is signed in here now; undefined: nobody. */
  readonly current: string | undefined;
  /** Never rejects. */
  readonly redeem: () => Promise<void>;
  readonly leave: () => void;
  /** Told why the link is of no use. */
  readonly refuse: (fault: unknown) => void;
}

/** Asks before a sign-in link is used, and says in whose name: whoever sent it may want somebody else to work in theirs (T27). */
export function LinkQuestion({ api, token, current, redeem, leave, refuse }: Props) {
  const [user, setUser] = useState<LinkUser>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    let isShown = true;
    api.send<LinkUser>('POST', '/sessions:preview', { sign_in_token: token }).then(
      ({ body }) => isShown && setUser(body),
      fault => isShown && refuse(fault),
    );
    return () => {
      isShown = false;
    };
  }, [token]);
  const send = async () => {
    setSending(true);
    await redeem();
    setSending(false);
  };
  return (
    <section aria-label="Sign-in link">
      {user ? (
        <p>
          This link signs you in as <strong>{user.username}</strong>
          {user.name !== '' && user.name !== user.username && ` (${user.name})`}, once. Use it only if that is you, and
          you asked for it or know who sent it.
        </p>
      ) : (
        <p>Looking whom this link signs in …</p>
      )}
      {current !== undefined && (
        <p>
          You are signed in as <strong>{current}</strong>: using the link ends that session.
        </p>
      )}
      <div class="actions">
        <button type="button" class="main" disabled={isSending || !user} onClick={send}>
          {user ? `Sign in as ${user.username}` : 'Sign in by the link'}
        </button>
        <button type="button" onClick={leave}>
          {current === undefined ? 'Sign in otherwise' : `Stay signed in as ${current}`}
        </button>
      </div>
    </section>
  );
}
