import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { makeAccessKey } from '../../src/keys/access-key.ts';
import { makeSecret } from '../../src/keys/secret.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { makeApiDocument } from './api-document.ts';
import { type CheckClient, modelCall } from './check-client.ts';
import { type KnownNames, type Mark, markedRequests } from './documented-inputs.ts';

/** Secrets that are each put into one place, so that a hit in a sink says where it came in. */
export class Canaries {
  readonly #places = new Map<string, string>();

  add(place: string, secret: string): string {
    this.#places.set(secret, place);
    return secret;
  }

  apiKey(place: string): string {
    return this.add(place, makeSecret('api_key'));
  }

  legacyKey(place: string): string {
    return this.add(place, makeSecret('legacy_key'));
  }

  accessKey(place: string): string {
    return this.add(place, makeAccessKey());
  }

  /** A secret of no form of ours. */
  foreign(place: string): string {
    return this.add(place, `canary${randomBytes(20).toString('hex')}`);
  }

  /** As it stands in a Basic header. */
  basic(place: string, user: string, password: string): string {
    return this.add(`${place}, in base64`, Buffer.from(`${user}:${password}`).toString('base64'));
  }

  get count(): number {
    return this.#places.size;
  }

  /** The places whose secrets stand in a sink. */
  hits(sink: string | Buffer): string[] {
    const bytes = Buffer.isBuffer(sink) ? sink : Buffer.from(sink);
    return [...this.#places].filter(([secret]) => bytes.includes(secret)).map(([, place]) => place);
  }
}

/** Puts secrets into every place of a model call; answers all that was answered. */
export async function sendChecks(canaries: Canaries, checks: CheckClient, accessKey: string): Promise<string> {
  const c = canaries;
  const calls = [
    modelCall({ accessKey, bearer: c.apiKey('bearer') }),
    modelCall({ accessKey, bearer: c.legacyKey('legacy key as bearer') }),
    modelCall({ accessKey, bearer: `${c.apiKey('bearer with more behind it')}, more` }),
    modelCall({ accessKey, bearer: `\u00e9${c.foreign('bearer outside ASCII')}` }),
    modelCall({ accessKey, bearer: c.apiKey('very long bearer').repeat(2000) }),
    modelCall({ accessKey, headers: { 'x-api-key': c.apiKey('x-api-key') } }),
    modelCall({
      accessKey,
      bearer: c.apiKey('one of two keys'),
      headers: { 'x-api-key': c.apiKey('the other of two') },
    }),
    modelCall({ accessKey, headers: { authorization: `Basic ${c.basic('basic', c.legacyKey('basic'), '')}` } }),
    modelCall({ accessKey, headers: { authorization: c.apiKey('authorization without a scheme') } }),
    modelCall({ accessKey, headers: { cookie: c.foreign('cookie'), 'x-forwarded-for': c.foreign('x-forwarded-for') } }),
    modelCall({ accessKey, headers: { 'x-request-id': `${c.foreign('odd request id')} \n` } }),
    modelCall({ accessKey: c.accessKey('access key in the body') }),
    modelCall({ path: `/model?accessKey=${c.accessKey('access key in the query')}` }),
    modelCall({ path: `/model?accessKey=${c.accessKey('query, one')}&accessKey=${c.accessKey('query, two')}` }),
    modelCall({ path: `/model?access%4Bey=${c.accessKey('query name in code')}` }),
    modelCall({ path: `/model/${c.apiKey('path')}/x;${c.foreign('path')}#${c.foreign('fragment')}` }),
    modelCall({ headers: { 'x-model-access-key': c.accessKey('access key in the header') } }),
    modelCall({
      accessKey: c.accessKey('body of two'),
      headers: { 'x-model-access-key': c.accessKey('header of two') },
    }),
    modelCall({ body: `{"accessKey": "${c.accessKey('malformed JSON')}", ` }),
    modelCall({ body: `{"accessKey": {"${c.accessKey('nested name')}": 1}}` }),
    modelCall({ body: `{"AccessKey": "${c.accessKey('folded name')}", "accessKey": "${accessKey}"}` }),
    modelCall({ body: `accessKey=${c.accessKey('form body')}`, headers: { 'content-type': 'text/plain' } }),
    modelCall({ body: `\uFEFF{"accessKey":"${c.accessKey('behind a byte order mark')}"}` }),
    modelCall({ accessKey, headers: { 'content-encoding': c.foreign('content-encoding') } }),
    modelCall({ accessKey, pin: c.foreign('pin') }),
  ];
  const answers = await Promise.all(calls.map(call => checks.check(call)));
  const bytes = await checks.checkBytes(Buffer.from(c.apiKey('bytes that are no check')));
  return JSON.stringify([...answers, bytes]);
}

/** Puts secrets into every place of an admin request; answers all that was answered. */
export async function sendAdminRequests(canaries: Canaries, url: string, key: string): Promise<string> {
  const c = canaries;
  const root = `Bearer ${key}`;
  const api = `${url}/api/v2`;
  const keys = `${api}/users/root/v2_keys`;
  const body = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const requests: [method: string, url: string, headers: Record<string, string>, body?: unknown][] = [
    ['GET', `${api}/users`, { authorization: `Bearer ${c.legacyKey('unknown legacy key')}` }],
    ['GET', `${api}/users`, { authorization: `Bearer ${c.apiKey('API key on the admin API')}` }],
    [
      'GET',
      `${api}/users`,
      { authorization: `Basic ${c.basic('basic', c.legacyKey('basic user'), c.foreign('password'))}` },
    ],
    ['GET', `${api}/users`, { authorization: c.foreign('no scheme'), cookie: c.foreign('admin cookie') }],
    ['GET', `${url}/${c.apiKey('unknown path')}?key=${c.apiKey('unknown query')}`, {}],
    ['GET', `${api}/users?page_token=${c.foreign('page token')}`, { authorization: root }],
    ['GET', `${api}/users?${c.apiKey('name of a parameter')}=1`, { authorization: root }],
    ['GET', `${api}/users/${c.apiKey('name of a user')}`, { authorization: root }],
    ['GET', `${api}/projects/p/models/${c.accessKey('name of a model')}`, { authorization: root }],
    ['DELETE', `${keys}/${c.apiKey('Key ID')}`, { authorization: root }],
    ['PUT', keys, { authorization: root }, { api_key: c.apiKey('wrong method') }],
    ['POST', keys, { authorization: root }, `{"comments": "${c.apiKey('malformed admin JSON')}`],
    ['POST', keys, { authorization: root }, { api_key: c.apiKey('unknown member') }],
    ['POST', keys, { authorization: root }, { [c.apiKey('name of a member')]: 1 }],
    ['POST', keys, { authorization: root }, { expiry_date: c.apiKey('expiry') }],
    ['POST', keys, { authorization: root }, { models: [c.apiKey('scope')] }],
    ['POST', keys, { authorization: root, 'content-type': 'text/plain' }, c.apiKey('text body')],
    ['POST', keys, { authorization: root }, { comments: c.apiKey('very long body').repeat(30_000) }],
    ['POST', `${api}/auth/validate_key`, { authorization: `Bearer ${c.apiKey('validated key')}` }, {}],
    ['POST', `${api}/auth/revoke_key`, { authorization: `Bearer ${c.apiKey('revoked key')}` }, {}],
    ['POST', `${keys}/${c.apiKey('rotated Key ID')}:rotate`, { authorization: root }, {}],
    ['POST', `${keys}/k:rotate`, { authorization: root }, { overlap_seconds: c.apiKey('overlap') }],
    ['POST', `${api}/decisions:explain`, { authorization: root }, { api_key: c.apiKey('explained key') }],
    ['POST', `${api}/decisions:explain`, { authorization: root }, { access_key: c.accessKey('explained access key') }],
    ['POST', `${api}/decisions:explain`, { authorization: root }, { key_id: c.apiKey('explained Key ID') }],
    ['GET', `${api}/denials?key_id=${c.apiKey('Key ID of a denial')}`, { authorization: root }],
    [
      'POST',
      `${api}/applications`,
      { authorization: root },
      { name: c.apiKey('name of an application'), owner: 'none' },
    ],
    ['POST', `${api}/auth/validate_key`, {}, { audience: c.apiKey('audience') }],
    ['PATCH', `${api}/settings`, { authorization: root }, { gateway_url: `http://u:${c.foreign('URL password')}@h` }],
    [
      'POST',
      `${api}/site:apply`,
      { authorization: root },
      { users: [{ username: 'u', password: c.foreign('password') }] },
    ],
    [
      'POST',
      `${api}/site:apply`,
      { authorization: root },
      { api_keys: [{ key_id: 'k', username: 'root', digest: c.apiKey('digest') }] },
    ],
    [
      'POST',
      `${api}/site:apply`,
      { authorization: root },
      { projects: [{ project_id: c.apiKey('project'), owner: { username: c.apiKey('owner') } }] },
    ],
    [
      'POST',
      `${api}/site:apply`,
      { authorization: root },
      {
        projects: [
          {
            project_id: 'q',
            owner: { username: 'root' },
            models: [{ model_id: 'n', access_key: `${c.accessKey('bad access key')} !` }],
          },
        ],
      },
    ],
  ];
  const answers: string[] = [];
  for (const [method, target, headers, sent] of requests) {
    const json = sent === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(target, {
      method,
      headers: { ...json, ...headers },
      ...(sent === undefined ? {} : { body: body(sent) }),
    });
    answers.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  }
  answers.push(await sendRaw(url, `${c.apiKey('no HTTP')}\r\n\r\n`));
  answers.push(await sendRaw(url, `GET / HTTP/1.1\r\nx: ${c.apiKey('long header').repeat(1000)}\r\n\r\n`));
  return answers.join('\n');
}

/**
 * Puts secrets of every form of ours into every input of the API that its document knows, one a request; answers all that
 * was answered. `known` are names that exist on the site, `apiKey` one that opens what only its holder may ask.
 */
export async function sendDocumentedRequests(
  canaries: Canaries,
  admin: AdminClient,
  known: KnownNames,
  apiKey: string,
): Promise<string> {
  const document = await makeApiDocument();
  const marks: Mark[] = [
    place => canaries.apiKey(`API key in ${place}`),
    place => canaries.legacyKey(`legacy key in ${place}`),
    // There an access key is what is asked for; it is stored as it is, and shown again to who may write.
    place => (place.endsWith('.models[].access_key') ? '-' : canaries.accessKey(`access key in ${place}`)),
  ];
  const requests = marks.flatMap(mark => markedRequests(document, known, mark));
  const holder = adminClient(admin.url, apiKey);
  const answers: string[] = [];
  for (const { method, url, body } of requests) {
    const client = url.startsWith('/api/v2/auth/') ? holder : admin;
    const { status, headers, body: answer } = await client.send(method, url, body);
    answers.push(`${status} ${JSON.stringify([...headers])} ${JSON.stringify(answer)}`);
  }
  return answers.join('\n');
}

async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  socket.end(bytes);
  return text(socket).catch(() => '');
}
