import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { dataDirectory } from './data-directory.ts';
import { askPerson } from './provider-pages.ts';

type Claims = Record<string, unknown>;

/** What the provider puts into tokens about an account, beside `sub`, which is its name. */
export type Accounts = Readonly<Record<string, Claims>>;

/** A way to answer otherwise than the provider would: gets the JSON of its token endpoint, answers what is sent in its place. */
export type Tamper = (tokens: Claims) => Claims | { readonly status: number; readonly text: string };

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in at the next authorization. */
  account: string;
  /** undefined: the provider refuses as it does where a person declines. */
  isDeclined: boolean;
  tamper: Tamper | undefined;
  /** The provider's key, and one that it does not publish. */
  readonly key: KeyObject;
  readonly otherKey: KeyObject;
  close(): Promise<void>;
}

/** Where the provider is, and whether it shows people a page. */
export interface ProviderOptions {
  /** A name of loopback: one that the server does not go by makes the provider another site. */
  readonly host?: string;
  /** Visitors sign in on a page of the provider; else each is signed in at once as `account`. */
  readonly hasPages?: boolean;
}

/** The flags of a server at that address which has people sign in at the provider. */
export function flagsFor({ clientSecret, issuer, clientId }: TestProvider, port: number): Record<string, string> {
  const secret = join(dataDirectory(), 'client-secret');
  writeFileSync(secret, `${clientSecret}\n`, { mode: 0o600 });
  return {
    'admin-listen': `127.0.0.1:${port}`,
    'admin-url': `http://127.0.0.1:${port}`,
    'oidc-issuer': issuer,
    'oidc-client-id': clientId,
    'oidc-client-secret-file': secret,
    'oidc-name': 'Example ID',
  };
}

/** A real OpenID provider on a free port. */
export async function startProvider(
  redirectUri: string,
  accounts: Accounts,
  { host = '127.0.0.1', hasPages = false }: ProviderOptions = {},
): Promise<TestProvider> {
  const [key, otherKey] = [newKey(), newKey()];
  const client = { id: 'modelgate', secret: randomBytes(24).toString('hex') };
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const http = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const issuer = `http://${host}:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configuration(client, redirectUri, accounts, key));
  // Its advice for production is none of a test's.
  provider.on('server_error', (_context, fault) => process.stderr.write(`${fault.stack}\n`));
  const answer = provider.callback();
  const state: TestProvider = {
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    account: 'sub-ada',
    isDeclined: false,
    tamper: undefined,
    key,
    otherKey,
    close: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  handle = (request, response) => {
    if (request.url?.startsWith('/interaction/')) {
      void decide(provider, state, hasPages, request, response);
    } else {
      if (state.tamper && request.url === '/token') {
        tamperWith(response, state.tamper);
      }
      void answer(request, response);
    }
  };
  return state;
}

/** An ID token with other claims, signed by a key; `head` says what it claims to be signed by. */
export function resigned(token: string, change: (claims: Claims) => Claims, key: KeyObject, head: Claims = {}): string {
  const [header = '', payload = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const write = (part: Claims) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${write({ ...read(header), ...head })}.${write(change(read(payload)))}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function configuration(
  client: { id: string; secret: string },
  redirectUri: string,
  accounts: Accounts,
  key: KeyObject,
) {
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: 'key-1', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(24).toString('hex')] },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    // Claims stand in the ID token itself, not only at the userinfo endpoint.
    conformIdTokenClaims: false,
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...accounts[id] }),
    }),
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Grant: 600, Session: 600 },
  } as ConstructorParameters<typeof Provider>[1];
}

/** What people do in the provider's pages: sign in and agree, or decline. */
async function decide(
  provider: Provider,
  state: TestProvider,
  hasPages: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const without = state.isDeclined ? 'cancelled' : { account: state.account };
  const done = hasPages ? await askPerson(request, response) : without;
  if (done === undefined) {
    return;
  }
  if (done === 'cancelled') {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  const { account } = done;
  const grant = new provider.Grant({ accountId: account, clientId: String(params['client_id']) });
  grant.addOIDCScope('openid profile email');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: account }, consent });
}

/** Sends what `tamper` makes of the answer. */
function tamperWith(response: ServerResponse, tamper: Tamper): void {
  const end = response.end.bind(response);
  response.end = ((chunk: unknown) => {
    const told = JSON.parse(String(chunk));
    const changed = tamper(told);
    const isRaw = 'status' in changed && 'text' in changed;
    const text = isRaw ? String(changed['text']) : JSON.stringify(changed);
    response.statusCode = isRaw ? Number(changed['status']) : response.statusCode;
    response.setHeader('content-length', Buffer.byteLength(text));
    return end(text);
  }) as ServerResponse['end'];
}

function newKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
