import { useEffect, useState } from 'preact/hooks';
import { parseHash } from '../../route.ts';

/** The token of the sign-in link that this tab was last opened or sent to, and how to forget it. It is redeemed by nobody but the person. */
export function useSignInToken(): [string | undefined, () => void] {
  const [token, setToken] = useState(takeToken);
  useEffect(() => {
    const look = () => setToken(known => takeToken() ?? known);
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return [token, () => setToken(undefined)];
}

/** Taken out of the address at once, so that neither history nor a look over the shoulder keeps it. */
function takeToken(): string | undefined {
  const { path, query } = parseHash(location.hash);
  if (path !== '/sign-in' || !query['token']) {
    return undefined;
  }
  history.replaceState(null, '', '#/sign-in');
  return query['token'];
}
