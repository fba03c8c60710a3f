import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { site } from '../../support/admin-site.ts';
import { makeApiDocument } from '../../support/api-document.ts';
import { signIn } from '../../support/browser.ts';
import { type MarkedRequest, usualWrites } from '../../support/documented-inputs.ts';
import { startServer, type TestServer } from '../../support/server.ts';

type Headers = Readonly<Record<string, string>>;

/** Names that resolve here once an attacker wants it, and spellings of our own that are none. */
const foreignHosts = [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.nip.io',
  'localhost.',
  '127.0.0.1.',
  'notlocalhost',
  'modelgate',
  'metadata.google.internal',
  '0.0.0.0',
  '10.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '[::]',
  '[::ffff:10.0.0.1]',
  '[fe80::1]',
  'user@localhost',
  'localhost, evil.example',
  'evil.example:9192',
];

describe('T27 what another site can make a browser send', () => {
  let server: TestServer;
  let writes: MarkedRequest[];
  let cookie: string;
  let token: string;

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', { ...site, applications: [{ name: 'robot', owner: 'ada' }] });
    const known = { username: 'ben', owner: 'ada', name: 'robot', team: 'crew', project_id: 'p', model_id: 'fraud' };
    writes = usualWrites(await makeApiDocument(), known);
    const signedIn = await signIn(server.admin.url, { legacy_key: server.admin.key });
    cookie = signedIn.cookie;
    token = signedIn.session.csrf_token;
  });
  after(() => server.close());

  const send = (method: string, path: string, headers: Headers, body?: unknown) =>
    new Promise<{ status: number; message: string; headers: object }>((resolve, reject) => {
      const json = { 'content-type': 'application/json' };
      const sent = httpRequest(
        {
          host: '127.0.0.1',
          port: server.adminPort,
          method,
          path,
          headers: { ...(body === undefined ? {} : json), ...headers },
        },
        async response => {
          const answer = await text(response);
          const message = answer.startsWith('{') ? JSON.parse(answer).message : answer;
          resolve({ status: response.statusCode ?? 0, message, headers: response.headers });
        },
      );
      sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  const revision = async () =>
    (await server.admin.get('/api/v2/audit_events?page_size=1')).body.audit_events[0].revision;
  /** Sends every write with the headers; none may be done. */
  const refuses = async (headers: Headers, allowed: (status: number) => boolean) => {
    const before = await revision();
    for (const { method, url, body } of writes) {
      const { status, message } = await send(method, url, headers, body);
      expect(allowed(status), `${method} ${url} of ${headers['host']} got ${status}: ${message}`).to.equal(true);
    }
    expect(await revision()).to.equal(before);
  };

  it('finds every write of the API', () => {
    expect(writes.length).to.be.greaterThan(40);
  });

  const withToken = () => ({ cookie, 'x-modelgate-csrf': token });
  const simple = 'text/plain;charset=UTF-8';
  const shapes: Record<string, () => [Headers, (status: number) => boolean]> = {
    'a page of another site, even with the token': () => [
      { ...withToken(), origin: 'https://evil.example' },
      status => status === 403,
    ],
    'a page without an origin': () => [{ ...withToken(), origin: 'null' }, status => status === 403],
    'a page whose name begins as ours': () => [
      { ...withToken(), origin: `${server.admin.url}.evil.example` },
      status => status === 403,
    ],
    'a page of this machine on another port': () => [
      { ...withToken(), origin: 'http://127.0.0.1:1' },
      status => status === 403,
    ],
    'a form of another site': () => [
      { cookie, origin: 'https://evil.example', 'content-type': simple },
      status => status === 403,
    ],
    'a form, from a browser that tells no origin': () => [
      { cookie, 'content-type': simple },
      status => [401, 403, 415].includes(status),
    ],
  };
  for (const [shape, made] of Object.entries(shapes)) {
    it(`is refused on every write: ${shape}`, async () => {
      await refuses(...made());
    });
  }

  it('is refused on every write under each of 20 hosts that are none of ours, with any credential', async () => {
    expect(foreignHosts).to.have.length(20);
    for (const host of foreignHosts) {
      await refuses({ ...withToken(), host }, status => status === 403 || status === 400);
      await refuses({ authorization: `Bearer ${server.admin.key}`, host }, status => status === 403 || status === 400);
    }
  }).timeout(60_000);

  it('is refused without any host, and with two', async () => {
    const raw = async (...lines: string[]) => {
      const socket = connect(server.adminPort, '127.0.0.1');
      socket.end(`${[...lines, `authorization: Bearer ${server.admin.key}`].join('\r\n')}\r\n\r\n`);
      return (await text(socket)).split(' ')[1];
    };
    expect(await raw('GET /api/v2/users HTTP/1.0')).to.equal('403');
    expect(await raw('GET /api/v2/users HTTP/1.1', 'connection: close')).to.equal('400');
    expect(await raw('GET /api/v2/users HTTP/1.1', 'connection: close', 'host:')).to.equal('403');
    const two = await raw('GET /api/v2/users HTTP/1.1', 'connection: close', 'host: evil.example', 'host: localhost');
    expect(['400', '403']).to.include(two);
  });

  it('can read nothing by a foreign host: no page, document, metric or health, and is told the setting', async () => {
    for (const path of ['/', '/metrics', '/healthz', '/readyz', '/api/v2/openapi.json', '/api/v2/sign_in_methods']) {
      const { status, message } = await send('GET', path, { host: 'evil.example' });
      expect([status, message]).to.deep.equal([
        403,
        'the host of this request is "evil.example", which is no name of this server: if it is yours, add it to --admin-hosts (MODELGATE_ADMIN_HOSTS)',
      ]);
    }
  });

  it('is never allowed to read answers: no preflight is granted', async () => {
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    for (const { url } of writes) {
      const { status, headers } = await send('OPTIONS', url, asked);
      expect(status).to.be.greaterThan(399);
      expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).to.deep.equal([]);
    }
  });

  it('is unlike what our own page sends: that reaches every write', async () => {
    for (const { method, url, body } of writes) {
      const { session, cookie: own } = await signIn(server.admin.url, { legacy_key: server.admin.key });
      const headers = { cookie: own, 'x-modelgate-csrf': session.csrf_token, origin: server.admin.url };
      const { status, message } = await send(method, url, headers, body);
      // These ask for a credential in the request itself.
      const isForHolders = url.startsWith('/api/v2/auth/') || /\/sessions(:preview)?$/.test(url);
      const reached = isForHolders ? status === 401 : status !== 401 && status !== 403;
      expect(reached, `${method} ${url}: ${status} ${message}`).to.equal(true);
    }
  });
});

describe('T27 the names of a server', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({
      flags: {
        'admin-hosts': 'models.internal, Other.Example:8443',
        'admin-url': 'https://models.example.com',
        'ops-listen': '127.0.0.1:0',
      },
    });
  });
  after(() => server.close());

  const get = (port: number | undefined, path: string, host: string, more: Headers = {}, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const headers = { host, authorization: `Bearer ${server.admin.key}`, ...more };
      const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers }, response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject).end();
    });

  it('are those of this machine, the address that was connected to, and those that are set, with any port or the one named', async () => {
    const statuses = async (...hosts: string[]) =>
      Promise.all(hosts.map(host => get(server.adminPort, '/api/v2/users', host)));
    const ours = ['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '[::1]:9192', 'models.internal', 'models.internal:81'];
    expect(await statuses(...ours, 'other.example:8443', 'models.example.com')).to.deep.equal(Array(8).fill(200));
    expect(await statuses('other.example', 'other.example:8444', 'x.models.internal', '127.0.0.2')).to.deep.equal(
      Array(4).fill(403),
    );
  });

  it('are also the origins of pages that may send changes; the host that was asked is one by itself', async () => {
    const post = (host: string, origin: string) =>
      get(server.adminPort, '/api/v2/users/root:sign_in_link', host, { origin }, 'POST');
    expect(await post('localhost:8080', 'http://localhost:8080')).to.equal(201);
    expect(await post('127.0.0.1:9192', 'https://models.example.com')).to.equal(201);
    expect(await post('127.0.0.1:9192', 'http://localhost:9192')).to.equal(403);
    expect(await post('127.0.0.1:9192', 'file://models.example.com')).to.equal(403);
  });

  it('are for the ops routes all IP addresses, as scrapers and probes use them, on both listeners', async () => {
    for (const port of [server.adminPort, server.opsPort]) {
      for (const host of ['10.1.2.3:9193', '[fd00::1]:9193', 'localhost', 'models.internal']) {
        expect(await get(port, '/healthz', host), host).to.equal(200);
      }
      expect(await get(port, '/metrics', 'evil.example')).to.equal(403);
    }
    expect(await get(server.adminPort, '/api/v2/users', '10.1.2.3')).to.equal(403);
  });
});
