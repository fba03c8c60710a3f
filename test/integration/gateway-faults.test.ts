import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Gateway } from '../support/envoy.ts';
import { startGateway } from '../support/envoy.ts';
import { bearer, bodyOf, fraudPath, type GatewaySite, site, startGatewaySite } from '../support/gateway-site.ts';
import { type Call, send } from '../support/send.ts';
import type { TestServer } from '../support/server.ts';
import { startServer } from '../support/server.ts';

describe('behind a real Envoy: odd bytes and load', function () {
  this.timeout(60_000);
  let at: GatewaySite;
  let server: TestServer;
  let gateway: Gateway;
  let call: GatewaySite['call'];
  let fraud: string;
  let viewer: string;

  before(async () => {
    at = await startGatewaySite();
    ({ server, gateway, call, fraud, viewer } = at);
  });
  after(() => at?.close());

  it('C15 B11 B33 serves exactly one access key at any instant while it is regenerated under load', async () => {
    const rounds = await regenerateUnderLoad();
    expect(rounds.both).to.deep.equal([]);
    expect(rounds.neither).to.deep.equal([]);
    expect(rounds.unexpected).to.deep.equal([]);
    expect(rounds.calls).to.be.greaterThan(200);
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
