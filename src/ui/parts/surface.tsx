import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { toApiError } from '../api/use-loaded.ts';
import { useRoute } from '../route.ts';
import { ConfirmDialog, type Question } from './confirm-dialog.tsx';
import { Notice, type Told } from './notice.tsx';
import { sentence } from './problem.tsx';
import { SecretPanel, type ShownSecret } from './secret-panel.tsx';

/** What lies over every page, so that no change of page loses it. */
interface Surface {
  /** Asks before a dangerous act, and does it where it is wanted; numbers that the question names are read when it is asked. */
  confirm(question: Question | Promise<Question>): void;
  /** Shows a secret once, until whoever sees it says that it is stored. */
  showSecret(secret: ShownSecret): void;
  /** Says what happened, and in which revision. */
  tell(text: string, revision?: number): void;
}

/** What was told so lately, in milliseconds, is about the page that is come to, not about the one that is left. */
const arrivalMs = 2000;

const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (surface === undefined) {
    throw new Error('there is no surface here');
  }
  return surface;
}

export function SurfaceProvider({ children }: { children: ComponentChildren }) {
  const [asked, setAsked] = useState<Question>();
  const [secret, setSecret] = useState<ShownSecret>();
  const [told, setTold] = useState<Told>();
  const { path } = useRoute();
  // A question belongs to the page that asked it; a secret must outlive its page.
  useEffect(() => {
    setAsked(undefined);
    setTold(before => (before !== undefined && Date.now() - before.at < arrivalMs ? before : undefined));
  }, [path]);
  const surface = useMemo<Surface>(
    () => ({
      confirm: question =>
        void Promise.resolve(question).then(setAsked, fault =>
          setTold({ text: sentence(toApiError(fault).message), at: Date.now() }),
        ),
      showSecret: setSecret,
      tell: (text, revision) => setTold({ text, revision, at: Date.now() }),
    }),
    [],
  );
  return (
    <SurfaceContext.Provider value={surface}>
      {children}
      <Notice told={told} close={() => setTold(undefined)} />
      {asked && <ConfirmDialog {...asked} close={() => setAsked(undefined)} />}
      {secret && <SecretPanel {...secret} close={() => setSecret(undefined)} />}
    </SurfaceContext.Provider>
  );
}
