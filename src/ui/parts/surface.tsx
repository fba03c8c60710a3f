import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useMemo, useState } from 'preact/hooks';
import { ConfirmDialog, type Question } from './confirm-dialog.tsx';
import { SecretPanel, type ShownSecret } from './secret-panel.tsx';

/** What lies over every page, so that no change of page loses it. */
interface Surface {
  /** Asks before a dangerous act; answers whether it is wanted. */
  confirm(question: Question): Promise<boolean>;
  /** Shows a secret once, until whoever sees it says that it is stored. */
  showSecret(secret: ShownSecret): void;
  /** Says what happened, and in which revision. */
  tell(text: string, revision?: number): void;
}

interface Notice {
  readonly text: string;
  readonly revision: number | undefined;
}

const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (surface === undefined) {
    throw new Error('there is no surface here');
  }
  return surface;
}

export function SurfaceProvider({ children }: { children: ComponentChildren }) {
  const [asked, setAsked] = useState<Question & { answer: (isWanted: boolean) => void }>();
  const [secret, setSecret] = useState<ShownSecret>();
  const [notice, setNotice] = useState<Notice>();
  const confirm = useCallback(
    (question: Question) =>
      new Promise<boolean>(resolve => {
        const answer = (isWanted: boolean) => {
          setAsked(undefined);
          resolve(isWanted);
        };
        setAsked({ ...question, answer });
      }),
    [],
  );
  const surface = useMemo<Surface>(
    () => ({ confirm, showSecret: setSecret, tell: (text, revision) => setNotice({ text, revision }) }),
    [confirm],
  );
  return (
    <SurfaceContext.Provider value={surface}>
      {children}
      <div class="notice" role="status" hidden={notice === undefined}>
        {notice && (
          <>
            <span>
              {notice.text}
              {notice.revision !== undefined && <span class="soft"> Revision {notice.revision}.</span>}
            </span>
            <button type="button" onClick={() => setNotice(undefined)}>
              Close
            </button>
          </>
        )}
      </div>
      {asked && <ConfirmDialog {...asked} />}
      {secret && <SecretPanel {...secret} close={() => setSecret(undefined)} />}
    </SurfaceContext.Provider>
  );
}
