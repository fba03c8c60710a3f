import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Session } from '../admin/schemas/sessions.ts';
import { type Api, ApiError, createApi } from './api/api.ts';
import { SignedInProvider } from './api/session.tsx';
import { toApiError } from './api/use-loaded.ts';
import { useOtherTabs } from './api/use-other-tabs.ts';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { useSignInToken } from './pages/sign-in/use-sign-in-token.ts';
import { Dialog } from './parts/dialog.tsx';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Problem } from './parts/problem.tsx';
import { Skeleton } from './parts/skeleton.tsx';
import { SurfaceProvider } from './parts/surface.tsx';
import { go, link, useRoute } from './route.ts';
import { Shell } from './shell/shell.tsx';

/** Asks who is signed in, and shows the pages or the way to sign in. */
export function App() {
  const [session, setSession] = useState<Session | null>();
  const [error, setError] = useState<ApiError>();
  const [isEnded, setEnded] = useState(false);
  const csrf = useRef<string | undefined>(undefined);
  const { path } = useRoute();
  const [token, forget] = useSignInToken();
  const api = useMemo(() => createApi({ csrfToken: () => csrf.current, ended: () => setEnded(true) }), []);
  const begin = (next: Session) => {
    csrf.current = next.csrf_token;
    setEnded(false);
    setSession(next);
  };
  // What is shown here stays, whatever becomes of the question.
  const tellOtherTabs = useOtherTabs(() => {
    loadSession(api).then(
      next => next && begin(next),
      () => undefined,
    );
  });
  const beginAnew = (next: Session) => {
    begin(next);
    tellOtherTabs();
  };
  const ask = () => {
    setError(undefined);
    loadSession(api).then(
      next => (next === null ? setSession(null) : beginAnew(next)),
      fault => setError(toApiError(fault)),
    );
  };
  // Asked once.
  useEffect(ask, []);
  const refresh = async () => begin(await api.get<Session>('/sessions/current'));
  const signOut = async () => {
    await api.send('DELETE', '/sessions/current');
    csrf.current = undefined;
    setSession(null);
    go(link`/sign-in`);
  };
  if (error) {
    return <Problem error={error} retry={ask} />;
  }
  if (session === undefined) {
    return <Skeleton />;
  }
  // A link can sign in anew, whoever is signed in.
  if (session === null || path === '/sign-in') {
    return <SignInPage api={api} begin={beginAnew} byLink={{ token, forget, current: session?.username }} />;
  }
  return (
    // Another user starts afresh; the same one finds what was left.
    <SignedInProvider key={session.username} value={{ api, session, signOut, refresh }}>
      <SurfaceProvider>
        <ErrorBoundary what="These pages">
          <Shell />
        </ErrorBoundary>
        {isEnded && (
          <Dialog title="Your session has ended">
            <SignInPage api={api} begin={beginAnew} isAgain />
          </Dialog>
        )}
      </SurfaceProvider>
    </SignedInProvider>
  );
}

async function loadSession(api: Api): Promise<Session | null> {
  try {
    return await api.get<Session>('/sessions/current');
  } catch (fault) {
    if (fault instanceof ApiError && fault.status === 401) {
      return null;
    }
    throw fault;
  }
}
