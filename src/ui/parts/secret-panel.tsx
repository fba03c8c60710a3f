import { useEffect, useState } from 'preact/hooks';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';
import { type Call, SampleCalls } from './sample-calls.tsx';

export interface ShownSecret {
  /** What it is, as in "API key 7f3a". */
  readonly title: string;
  readonly secret: string;
  /** What is copied, as in "the key". */
  readonly what: string;
  /** What it is for and how long it lives, in a sentence. */
  readonly says: string;
  /** A call that carries it, to be shown ready-made; absent: there is none. */
  readonly call?: Call;
}

/** Shows a secret, which nothing will show again: only its own button closes it. */
export function SecretPanel({ title, secret, what, says, call, close }: ShownSecret & { close: () => void }) {
  const [isMissed, setMissed] = useState(false);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
  return (
    <Dialog title={title} leave={() => setMissed(true)} wide>
      <p>{says}</p>
      <div class="secret">
        <code>{secret}</code>
        <CopyButton text={secret} what={what} />
      </div>
      <p class="soft">It is shown this once and kept nowhere here: store it before you close this.</p>
      {call && <SampleCalls call={call} />}
      {isMissed && (
        <p class="fault" role="alert">
          This closes by its own button only, once you have stored the secret.
        </p>
      )}
      <div class="actions">
        <button type="button" class="main" onClick={close}>
          I have stored it
        </button>
      </div>
    </Dialog>
  );
}
