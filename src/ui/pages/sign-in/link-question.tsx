import { useState } from 'preact/hooks';

interface Props {
  /** Who is signed in here now; undefined: nobody. */
  readonly current: string | undefined;
  /** Never rejects. */
  readonly redeem: () => Promise<void>;
  readonly leave: () => void;
}

/** Asks before a sign-in link is used: whoever sent it may want somebody else to work in their name (T27). */
export function LinkQuestion({ current, redeem, leave }: Props) {
  const [isSending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    await redeem();
    setSending(false);
  };
  return (
    <section aria-label="Sign-in link">
      <p>
        This link signs in the user whom it was made for, once. Use it only if you asked for it or know who sent it.
      </p>
      {current !== undefined && (
        <p>
          You are signed in as <strong>{current}</strong>: using the link ends that session.
        </p>
      )}
      <div class="actions">
        <button type="button" class="main" disabled={isSending} onClick={send}>
          Sign in by the link
        </button>
        <button type="button" onClick={leave}>
          {current === undefined ? 'Sign in otherwise' : `Stay signed in as ${current}`}
        </button>
      </div>
    </section>
  );
}
