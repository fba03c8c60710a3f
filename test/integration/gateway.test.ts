import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { connectionManagerOf } from '../../envoy/render-config.ts';
import { type Gateway, startGateway } from '../support/envoy.ts';
import { startServer, type TestServer } from '../support/server.ts';

const site = {
  users: [{ username: 'ada' }, { username: 'ben' }, { username: 'otto' }],
  projects: [
    {
      project_id: 'risk',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'read' }],
      models: [{ model_id: 'fraud' }],
    },
    {
      project_id: 'marketing',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'read' }],
      models: [{ model_id: 'churn', auth_enabled: false }],
    },
  ],
};
const keysOfBen = '/api/v2/users/ben/v2_keys';
const fraudPath = '/api/v2/projects/risk/models/fraud';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of models and denials
  readonly json: any;
}

interface Call {
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
  readonly method?: string;
  /** Without content-length. */
  readonly chunked?: boolean;
}

/** A call with node's own client, which sends headers and paths as they are given. */
function send(
  gateway: Gateway,
  { path = '/model', headers = {}, body = '', method = 'POST', chunked = false }: Call,
): Promise<Answer> {
  const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: gateway.port,
      method,
      path,
      headers: { 'content-type': 'application/json', ...length, ...headers },
    };
    const sent = request(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = text.startsWith('{') || text.startsWith('\n');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    sent.on('error', reject);
    if (chunked) {
      sent.write(body);
      sent.end();
    } else {
      sent.end(body);
    }
  });
}

/** A route that names its model by itself, as the shipped config describes it. */
function pinnedRoute(prefix: string, model: string) {
  const type = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';
  const check_settings = { context_extensions: { modelgate_model: model } };
  return {
    match: { prefix },
    route: { cluster_header: 'x-modelgate-target', timeout: '0s' },
    typed_per_filter_config: { 'envoy.filters.http.ext_authz': { '@type': type, check_settings } },
  };
}

describe('behind a real Envoy', function () {
  this.timeout(60_000);
  let server: TestServer;
  let gateway: Gateway;
  let fraud: string;
  let churn: string;
  let viewer: string;
  let outsider: string;

  const keyOf = async (username: string, body: object = {}) =>
    (await server.admin.post(`/api/v2/users/${username}/v2_keys`, body)).body;
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const bodyOf = (accessKey: string) => JSON.stringify({ accessKey, request: { dob: '19 - 22' } });
  const call = (options: Call) => send(gateway, options);
  const reasonOf = (answer: Answer) => `${answer.status} ${answer.headers['x-modelgate-reason'] ?? answer.json?.model}`;

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    // Envoy's own stripping of the client's copies would hide it if ours failed.
    gateway = await startGateway({
      check: server.checkPort,
      models: ['fraud', 'churn'],
      edit: bootstrap => {
        const { route_config } = connectionManagerOf(bootstrap);
        delete route_config.internal_only_headers;
        route_config.virtual_hosts[0]?.routes.unshift(
          pinnedRoute('/fraud-only', 'fraud'),
          pinnedRoute('/churn-only', 'churn'),
        );
      },
    });
    fraud = (await server.admin.get(fraudPath)).body.access_key;
    churn = (await server.admin.get('/api/v2/projects/marketing/models/churn')).body.access_key;
    viewer = (await keyOf('ben')).api_key;
    outsider = (await keyOf('otto')).api_key;
  });
  after(async () => {
    await gateway?.close();
    await server?.close();
  });

  describe('C rows: requests seen in the field', () => {
    it('C1 B1 allows the access key in the JSON body with a Bearer', async () => {
      const answer = await call({ headers: bearer(viewer), body: bodyOf(fraud) });
      expect(reasonOf(answer)).to.equal('200 fraud');
    });

    it('B1 judges neither path nor method', async () => {
      const path = '/api/altus-ds-1/models/call-model';
      expect(reasonOf(await call({ path, headers: bearer(viewer), body: bodyOf(fraud) }))).to.equal('200 fraud');
      expect(reasonOf(await call({ method: 'PUT', headers: bearer(viewer), body: bodyOf(fraud) }))).to.equal(
        '200 fraud',
      );
    });

    it('C2 B13 allows anybody where authentication is off', async () => {
      expect(reasonOf(await call({ body: bodyOf(churn) }))).to.equal('200 churn');
    });

    it('C3 allows the access key in the query, and header names in any case', async () => {
      const headers = { AUTHORIZATION: `bearer ${viewer}` };
      expect(reasonOf(await call({ path: `/model?accessKey=${fraud}`, headers, body: '{"request":{}}' }))).to.equal(
        '200 fraud',
      );
    });

    it('C5 B7 lets a Bearer go by where authentication is off', async () => {
      const answer = await call({ headers: bearer("the-model's-own"), body: bodyOf(churn) });
      expect(reasonOf(answer)).to.equal('200 churn');
      expect(answer.json.headers.authorization).to.equal("Bearer the-model's-own");
    });

    it('C6 allows the access key after a long request', async () => {
      const messages = Array.from({ length: 500 }, () => ({ role: 'user', content: 'a "long" one '.repeat(20) }));
      const body = JSON.stringify({ request: { messages, max_tokens: 128 }, accessKey: fraud });
      expect(reasonOf(await call({ headers: bearer(viewer), body }))).to.equal('200 fraud');
    });

    it('C7 B3 ignores whitespace around a pasted key', async () => {
      expect(reasonOf(await call({ path: `/model?accessKey=%20${fraud}%20`, headers: bearer(viewer) }))).to.equal(
        '200 fraud',
      );
    });

    it('C9 B14 refuses a call without Authorization', async () => {
      const answer = await call({ body: bodyOf(fraud) });
      expect(reasonOf(answer)).to.equal('401 api_key_missing');
      expect(answer.headers['www-authenticate']).to.equal('Bearer realm="models"');
    });

    it('C10 B18 refuses the key of a user who is no collaborator, in the words that clients know', async () => {
      const answer = await call({ headers: bearer(outsider), body: bodyOf(fraud) });
      expect(answer.status).to.equal(403);
      expect(answer.json.errors).to.deep.equal({
        'User APikey not authorized to access model': 'Check APIKEY permissions or model authentication permissions',
      });
    });

    it('C11 B19 allows the key of a viewer', async () => {
      const answer = await call({ headers: bearer(viewer), body: bodyOf(fraud) });
      expect(answer.json.headers['x-modelgate-permission']).to.equal('read');
    });

    it('C13 B30 B38 refuses a key as soon as its deletion is answered, 100 times', async () => {
      for (let round = 0; round < 100; round += 1) {
        const { key_id, api_key } = await keyOf('ben');
        const made = await call({ headers: bearer(api_key), body: bodyOf(fraud) });
        await server.admin.delete(`${keysOfBen}/${key_id}`);
        const gone = await call({ headers: bearer(api_key), body: bodyOf(fraud) });
        expect([made.status, gone.status], `round ${round}`).to.deep.equal([200, 401]);
      }
    });

    it('C15 B11 B33 serves exactly one access key at any instant while it is regenerated under load', async () => {
      const rounds = await regenerateUnderLoad();
      expect(rounds.both).to.deep.equal([]);
      expect(rounds.neither).to.deep.equal([]);
      expect(rounds.unexpected).to.deep.equal([]);
      expect(rounds.calls).to.be.greaterThan(200);
    });

    it('C16 B6 B15 takes a legacy key for no API key, as Bearer or as Basic', async () => {
      const { legacy_key } = (await server.admin.post('/api/v2/users/ben/v1_key:rotate')).body;
      const basic = `Basic ${Buffer.from(`${legacy_key}:`).toString('base64')}`;
      expect(reasonOf(await call({ headers: bearer(legacy_key), body: bodyOf(fraud) }))).to.equal(
        '401 api_key_invalid',
      );
      expect(reasonOf(await call({ headers: { authorization: basic }, body: bodyOf(fraud) }))).to.equal(
        '401 api_key_invalid',
      );
    });

    it('C19 B8 finds no access key in a misspelled member or a form', async () => {
      const typo = await call({ headers: bearer(viewer), body: JSON.stringify({ acessKey: fraud }) });
      const form = await call({
        headers: { ...bearer(viewer), 'content-type': 'application/x-www-form-urlencoded' },
        body: `accessKey=${fraud}`,
      });
      expect([reasonOf(typo), reasonOf(form)]).to.deep.equal(['400 access_key_missing', '400 access_key_missing']);
    });

    it('C21 B5 allows a body of 6 MB whose access key stands in the query, and passes all of it', async () => {
      const body = JSON.stringify({ request: 'x'.repeat(6_000_000) });
      for (const chunked of [false, true]) {
        const answer = await call({ path: `/model?accessKey=${fraud}`, headers: bearer(viewer), body, chunked });
        expect([answer.status, answer.json.bodyBytes]).to.deep.equal([200, body.length]);
      }
    });

    it("C23 passes the model's own 429 model.busy unchanged", async () => {
      const answer = await call({ headers: { ...bearer(viewer), 'x-sample-busy': 'true' }, body: bodyOf(fraud) });
      expect(answer.status).to.equal(429);
      expect(answer.json).to.have.nested.property('errors.model\\.busy');
      expect(answer.headers).to.not.have.property('x-modelgate-reason');
    });
  });

  describe('B rows: which model, and what it gets', () => {
    it('B2 takes the access key from a header too', async () => {
      const headers = { ...bearer(viewer), 'x-model-access-key': fraud };
      const answer = await call({ headers });
      expect(reasonOf(answer)).to.equal('200 fraud');
      expect(answer.json.headers).to.not.have.property('x-model-access-key');
    });

    it('B4 B9 refuses two access keys that differ, wherever they stand', async () => {
      const headers = bearer(viewer);
      const answers = [
        await call({ path: `/model?accessKey=${churn}`, headers, body: bodyOf(fraud) }),
        await call({ path: `/model?accessKey=${churn}&accessKey=${fraud}`, headers }),
        await call({ headers, body: `{"accessKey":"${fraud}","\\u0061ccessKey":"${churn}"}` }),
        await call({ headers, body: `{"accessKey":"${fraud}","AccessKey":"${churn}"}` }),
        await call({ path: `/model?access%4Bey=${fraud}`, headers, body: bodyOf(fraud) }),
        await call({ headers: { ...headers, 'x-model-access-key': [fraud, churn] } }),
      ];
      expect(answers.map(reasonOf)).to.deep.equal(answers.map(() => '400 access_key_ambiguous'));
    });

    it('B5 B10 asks for the key elsewhere when the body is cut off before it', async () => {
      const body = JSON.stringify({ request: 'x'.repeat(6_000_000), accessKey: fraud });
      for (const chunked of [false, true]) {
        expect(reasonOf(await call({ headers: bearer(viewer), body, chunked }))).to.equal('413 body_incomplete');
      }
    });

    it('B5 reads a body just below the limit to its end', async () => {
      const tail = `","accessKey":"${fraud}"}`;
      const head = '{"request":"';
      const body = head + 'x'.repeat(5 * 1024 * 1024 - 1 - head.length - tail.length) + tail;
      expect(reasonOf(await call({ headers: bearer(viewer), body }))).to.equal('200 fraud');
    });

    it('B6 takes the API key from x-api-key, and refuses two that differ', async () => {
      expect(reasonOf(await call({ headers: { 'x-api-key': viewer }, body: bodyOf(fraud) }))).to.equal('200 fraud');
      const both = { ...bearer(viewer), 'x-api-key': outsider };
      expect(reasonOf(await call({ headers: both, body: bodyOf(fraud) }))).to.equal('400 api_key_ambiguous');
    });

    it('B11 B12 knows no model by an unknown access key', async () => {
      expect(reasonOf(await call({ headers: bearer(viewer), body: bodyOf('m-unknown') }))).to.equal(
        '404 access_key_unknown',
      );
    });

    it('B6a B12 lets a route pin its model: without a key where authentication is on, and never another', async () => {
      const headers = bearer(viewer);
      const answers = [
        await call({ path: '/fraud-only', headers, body: '{"request":{}}' }),
        await call({ path: '/fraud-only', headers, body: bodyOf(fraud) }),
        await call({ path: '/fraud-only', headers, body: bodyOf(churn) }),
        await call({ path: '/fraud-only', body: '{}' }),
        await call({ path: '/churn-only', body: '{}' }),
        await call({ path: '/churn-only', body: bodyOf(churn) }),
      ];
      expect(answers.map(reasonOf)).to.deep.equal([
        '200 fraud',
        '200 fraud',
        '403 model_mismatch',
        '401 api_key_missing',
        '400 access_key_missing',
        '200 churn',
      ]);
    });

    it('B24 B26 routes by the key and tells the model who calls, over anything that the client claims', async () => {
      const forged = {
        'x-modelgate-target': 'churn',
        'x-modelgate-model': 'churn',
        'x-modelgate-principal': 'ada',
        'x-modelgate-permission': 'admin',
        x_modelgate_principal: 'ada',
      };
      const { json } = await call({ headers: { ...bearer(viewer), ...forged }, body: bodyOf(fraud) });
      const told = Object.fromEntries(
        Object.entries<string>(json.headers).filter(([name]) => /^x[-_]modelgate/.test(name)),
      );
      expect(told['x-modelgate-key-id']).to.match(/^[0-9a-z]{16}$/);
      expect({ ...told, 'x-modelgate-key-id': '' }).to.deep.equal({
        'x-modelgate-model': 'fraud',
        'x-modelgate-target': 'fraud',
        'x-modelgate-project': 'risk',
        'x-modelgate-principal': 'ben',
        'x-modelgate-principal-kind': 'user',
        'x-modelgate-key-id': '',
        'x-modelgate-permission': 'read',
      });
    });

    it('B24 takes every forged identity away from an anonymous call', async () => {
      const forged = { 'x-modelgate-principal': 'ada', 'x-modelgate-key-id': 'k', 'x-modelgate-permission': 'admin' };
      const { json } = await call({ headers: forged, body: bodyOf(churn) });
      const names = Object.keys(json.headers).filter(name => name.startsWith('x-modelgate'));
      expect(names.sort()).to.deep.equal(['x-modelgate-model', 'x-modelgate-project', 'x-modelgate-target']);
    });

    it('B25 keeps credentials and the access key in the query from the model', async () => {
      const headers = { ...bearer(viewer), 'x-api-key': viewer };
      const { json } = await call({ path: `/model?a=1&accessKey=${fraud}&b=2`, headers });
      expect(json.headers).to.not.have.any.keys('authorization', 'x-api-key');
      expect(json.path).to.equal('/model?a=1&b=2');
    });

    it('B25 leaves a query without an access key as it is', async () => {
      const { json } = await call({ path: '/model?b=2&flag&a=1', headers: bearer(viewer), body: bodyOf(fraud) });
      expect(json.path).to.equal('/model?b=2&flag&a=1');
    });

    it('B26 routes to a new target without a new route', async () => {
      await server.admin.patch(fraudPath, { target: 'churn' });
      const moved = await call({ headers: bearer(viewer), body: bodyOf(fraud) });
      await server.admin.patch(fraudPath, { target: 'fraud' });
      expect([moved.json.model, moved.json.headers['x-modelgate-model']]).to.deep.equal(['churn', 'fraud']);
    });

    it('B27 B48 writes reason, model and key into the access log, and neither query nor key', async () => {
      const answer = await call({ path: `/model?accessKey=${fraud}`, headers: bearer(outsider) });
      const requestId = String(answer.headers['x-modelgate-request-id']);
      const entry = await gateway.logged(requestId);
      expect(entry).to.include({
        code: 403,
        path: '/model',
        decision: 'deny',
        reason: 'not_authorized',
        model: 'fraud',
        principal: 'otto',
      });
      expect(answer.json.requestId).to.equal(requestId);
      expect(server.denials.list()[0]).to.include({ requestId, reason: 'not_authorized' });
      const everything = JSON.stringify(gateway.accessLog());
      for (const secret of [fraud, churn, viewer, outsider]) {
        expect(everything).to.not.contain(secret);
      }
    });

    it('answers a gRPC caller in its own terms', async () => {
      const headers = { 'content-type': 'application/grpc', te: 'trailers', 'x-model-access-key': fraud };
      const answer = await call({ headers });
      expect(answer.status).to.equal(200);
      expect(answer.headers['grpc-status']).to.equal('16');
      expect(decodeURIComponent(String(answer.headers['grpc-message']))).to.contain('No API key');
    });

    it('B42 lets a key of another form in by its digest', async () => {
      const imported = `${'a1'.repeat(32)}.${'b2'.repeat(32)}`;
      const { createHash } = await import('node:crypto');
      const digest = createHash('sha256').update(imported).digest('hex');
      await server.admin.post('/api/v2/site:apply', { api_keys: [{ key_id: 'imported', username: 'ben', digest }] });
      expect(reasonOf(await call({ headers: bearer(imported), body: bodyOf(fraud) }))).to.equal('200 fraud');
    });

    it('B44 B23 refuses by scope, and a stopped model only to those who may call it', async () => {
      const { api_key } = await keyOf('ben', { models: ['churn'] });
      expect(reasonOf(await call({ headers: bearer(api_key), body: bodyOf(fraud) }))).to.equal('403 key_scope');
      await server.admin.patch(fraudPath, { state: 'stopped' });
      const stopped = [
        await call({ headers: bearer(viewer), body: bodyOf(fraud) }),
        await call({ headers: bearer(outsider), body: bodyOf(fraud) }),
      ];
      await server.admin.patch(fraudPath, { state: 'running' });
      expect(stopped.map(reasonOf)).to.deep.equal(['503 model_stopped', '403 not_authorized']);
    });

    it('B45 lets shadow pass, and logs who would be refused', async () => {
      await server.admin.patch(fraudPath, { auth_enabled: false, auth_shadow: true });
      const answer = await call({ headers: bearer(outsider), body: bodyOf(fraud) });
      await server.admin.patch(fraudPath, { auth_enabled: true, auth_shadow: false });
      expect(reasonOf(answer)).to.equal('200 fraud');
      expect(await gateway.logged(String(answer.headers['x-request-id']))).to.include({
        shadow_reason: 'not_authorized',
        decision: 'allow',
      });
    });
  });

  it('T5 crashes on no byte and allows no altered key, in path, query, header and body', async () => {
    const upstreamCalls = () => gateway.models['fraud']?.calls() ?? 0;
    const before = upstreamCalls();
    const checked = await sendEveryByte();
    // Whitespace around a pasted key is ignored (B3); every other byte makes another key of it.
    expect(checked.wrongAllows).to.deep.equal([]);
    expect(checked.sent).to.equal(5 * 256);
    expect(upstreamCalls() - before).to.equal(checked.rightAllows);
    expect((await call({ headers: bearer(viewer), body: bodyOf(fraud) })).status).to.equal(200);
  });

  /** Puts each byte into the path, the middle of the key in query, header and body, and the API key. */
  async function sendEveryByte() {
    const result = { sent: 0, rightAllows: 0, wrongAllows: [] as string[] };
    const middle = 16;
    for (let byte = 0; byte < 256; byte += 1) {
      const inKey = (key: string) => key.slice(0, middle) + String.fromCharCode(byte) + key.slice(middle);
      const raw = (key: string) => Buffer.from(inKey(key), 'latin1');
      const encoded = `%${byte.toString(16).padStart(2, '0')}`;
      const places: [string, boolean, Call][] = [
        ['path', true, { path: `/mo${encoded}del`, headers: bearer(viewer), body: bodyOf(fraud) }],
        [
          'query',
          false,
          {
            path: `/model?accessKey=${fraud.slice(0, middle)}${encoded}${fraud.slice(middle)}`,
            headers: bearer(viewer),
          },
        ],
        [
          'body',
          false,
          {
            headers: bearer(viewer),
            body: Buffer.concat([Buffer.from('{"accessKey":"'), raw(fraud), Buffer.from('"}')]),
          },
        ],
        ['header', false, { headers: { ...bearer(viewer), 'x-model-access-key': inKey(fraud) } }],
        ['api key', false, { headers: bearer(inKey(viewer)), body: bodyOf(fraud) }],
      ];
      for (const [place, mayPass, options] of places) {
        result.sent += 1;
        // Node's client itself refuses control characters in headers: those never leave.
        const answer = await call(options).catch(() => undefined);
        if (answer?.status === 200 && mayPass) {
          result.rightAllows += 1;
        } else if (answer?.status === 200) {
          result.wrongAllows.push(`${place} ${byte}`);
        }
      }
    }
    return result;
  }

  interface Sent {
    /** Number of the key, 0 for the first. */
    readonly key: number;
    readonly sentAt: number;
    readonly doneAt: number;
    readonly status: number;
  }

  /**
   * Regenerates the access key 20 times while about 200 calls per second go out, and looks at all of
   * them afterwards. Both keys served: an older key was let in by a call that began after a newer key had
   * been let in. Neither did: a key was refused though the making of its successor had not begun.
   */
  async function regenerateUnderLoad() {
    const keys = [fraud];
    const begun: number[] = [0];
    const sent: Sent[] = [];
    const callWith = async (key: number) => {
      const sentAt = performance.now();
      const { status } = await call({ headers: bearer(viewer), body: bodyOf(keys[key] as string) });
      sent.push({ key, sentAt, doneAt: performance.now(), status });
    };
    let running = true;
    const start = performance.now();
    const load = (async () => {
      const pending: Promise<void>[] = [];
      for (let at = 0; running; at += 1) {
        // The newest key, and every other time the one before it.
        pending.push(callWith(Math.max(0, keys.length - 1 - (at % 2))));
        // 200 a second by the clock, whatever a timer adds.
        await sleep(Math.max(0, start + (at + 1) * 5 - performance.now()));
      }
      await Promise.all(pending);
    })();
    for (let round = 1; round <= 20; round += 1) {
      begun[round] = performance.now();
      const { body } = await server.admin.post(`${fraudPath}:regenerate_access_key`);
      keys.push(body.access_key);
      await sleep(50);
    }
    running = false;
    await load;
    fraud = keys.at(-1) as string;
    const allowed = sent.filter(({ status }) => status === 200);
    const refused = sent.filter(({ status }) => status === 404);
    return {
      calls: sent.length,
      both: allowed.filter(old => allowed.some(next => next.key > old.key && next.doneAt < old.sentAt)),
      neither: refused.filter(({ key, doneAt }) => doneAt < (begun[key + 1] ?? Number.POSITIVE_INFINITY)),
      unexpected: sent.filter(({ status }) => status !== 200 && status !== 404),
    };
  }
});

describe('behind a real Envoy, when the check service is away', function () {
  this.timeout(60_000);

  it('T11 answers 503, never 403 and never an allow, and recovers', async () => {
    const server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    const { access_key } = (await server.admin.get('/api/v2/projects/marketing/models/churn')).body;
    const gateway = await startGateway({ check: server.checkPort, models: ['churn'] });
    const ask = () => send(gateway, { body: JSON.stringify({ accessKey: access_key }) });
    expect((await ask()).status).to.equal(200);
    await server.close();
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await ask()).status));
    expect(new Set(statuses)).to.deep.equal(new Set([503]));
    expect(gateway.models['churn']?.calls()).to.equal(1);
    await gateway.close();
  });
});
