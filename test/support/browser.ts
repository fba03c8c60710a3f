import { type AdminClient, adminClient, clientWith } from './admin-client.ts';

/** What a browser holds after a sign-in. */
export interface SignedIn {
  /** As `POST /sessions` answered it. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they do into every answer
  readonly session: any;
  /** As it stands in the header `cookie`. */
  readonly cookie: string;
  /** The whole of `set-cookie`. */
  readonly setCookie: string;
  /** Asks as the page would: with the cookie and the token. */
  readonly client: AdminClient;
}

/** Signs in by what `POST /sessions` takes. Throws where that is refused. */
export async function signIn(url: string, credential: object): Promise<SignedIn> {
  const { status, body, headers } = await adminClient(url, '').post('/api/v2/sessions', credential);
  if (status !== 201) {
    throw new Error(`sign-in got ${status}: ${JSON.stringify(body)}`);
  }
  const setCookie = headers.get('set-cookie') ?? '';
  const cookie = setCookie.split(';')[0] ?? '';
  const client = clientWith(url, { cookie, 'x-modelgate-csrf': body.csrf_token });
  return { session: body, cookie, setCookie, client };
}

/** Signs a user in by a link that the client makes. */
export async function signInByLink(by: AdminClient, username: string): Promise<SignedIn> {
  return signIn(by.url, { sign_in_token: await tokenFor(by, username) });
}

/** The token of a new sign-in link. */
export async function tokenFor(by: AdminClient, username: string): Promise<string> {
  const { body } = await by.post(`/api/v2/users/${username}:sign_in_link`);
  return new URL(body.url).hash.split('token=')[1] ?? '';
}
