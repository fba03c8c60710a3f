import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { dataDirectory } from '../../support/data-directory.ts';
import { type Gateway, startGateway } from '../../support/envoy.ts';
import { expectRefusal } from '../../support/http2/expect-answer.ts';
import { callBlock, checkPath, data, headers, message } from '../../support/http2/frame-bytes.ts';
import { FrameClient } from '../../support/http2/frame-client.ts';
import { type Lap, type PacedLoad, startPacedLoad } from '../../support/paced-load.ts';
import { initData, type ServeProcess, startProcess } from '../../support/serve-process.ts';
import { until } from '../../support/until.ts';

/** Calls a second of each kind: with a good key, and with none that is known. */
const perSecond = 200;
/** For so long the server gets no core, so that all calls of that time are late for the shipped limit of 0.5 s; and then has one. */
const starvedMs = 1500;
const workingMs = 500;
const rounds = 6;
/** Until a call that is due is answered at the latest, by whatever it may be. */
const lateMs = 1000;
const growthMibMax = 64;
const deadlineExceeded = 4;

const site = { projects: [{ project_id: 'risk', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }] };

function residentMib({ child }: ServeProcess): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** Takes the core away from the server, as more work than it can do would, while something is done. */
async function starve({ child }: ServeProcess, meanwhile: () => Promise<unknown>): Promise<void> {
  child.kill('SIGSTOP');
  await meanwhile();
  child.kill('SIGCONT');
}

describe('T18 a server with more to do than it can', function () {
  this.timeout(180_000);
  let server: ServeProcess;
  let gateway: Gateway | undefined;
  const loads: PacedLoad[] = [];
  let keys: { readonly access: string; readonly api: string };
  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip();
    const data = dataDirectory();
    server = await startProcess(data, await initData(data));
    await server.admin.post('/api/v2/site:apply', site);
    const { access_key } = (await server.admin.get('/api/v2/projects/risk/models/fraud')).body;
    const { api_key } = (await server.admin.post('/api/v2/users/root/v2_keys', {})).body;
    keys = { access: String(access_key), api: String(api_key) };
  });
  afterEach(async () => {
    for (const load of loads.splice(0)) await load.stop();
    await gateway?.close();
    await server.kill9();
  });

  const callWith = (apiKey: string) => {
    const body = JSON.stringify({ accessKey: keys.access, request: {} });
    const head = `POST /model HTTP/1.1\r\nhost: m\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: application/json`;
    return `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
  const statuses = ({ outcomes }: Lap) => [...outcomes.keys()].sort((one, two) => one - two);

  it('behind Envoy lets nobody in because of it: late calls get 503, and it is as before when it has caught up', async () => {
    gateway = await startGateway({ check: server.checkPort, models: ['fraud'], concurrency: 2 });
    const { port } = gateway;
    loads.push(...[keys.api, 'unknown'].map(key => startPacedLoad({ port, perSecond, request: callWith(key) })));
    await sleep(2000);
    const begun = residentMib(server);
    const meanwhile = loads.map(load => load.lap());
    let peakMib = begun;
    for (let round = 0; round < rounds; round += 1) {
      await starve(server, () => sleep(starvedMs));
      await sleep(workingMs);
      peakMib = Math.max(peakMib, residentMib(server));
    }
    await until('a second of calls is answered as before', async () => {
      const after = loads.map(load => load.lap());
      await sleep(1000);
      for (const load of loads) load.lap();
      await sleep(lateMs);
      return after.every((lap, of) => statuses(lap).join() === (of === 0 ? '200' : '401'));
    });
    for (const load of loads) await load.stop();
    const [good, bad] = meanwhile as [Lap, Lap];
    const told = [good, bad].map(({ outcomes }) => JSON.stringify(Object.fromEntries(outcomes)));
    console.log(`      good keys ${told[0]}, unknown ones ${told[1]}, +${(peakMib - begun).toFixed(0)} MiB`);
    expect([good, bad].map(statuses)).to.deep.equal([
      [200, 503],
      [401, 503],
    ]);
    expect(bad.outcomes.get(503)).to.be.above(perSecond);
    const allowed = loads.flatMap(({ laps }) => laps).reduce((sum, { outcomes }) => sum + (outcomes.get(200) ?? 0), 0);
    expect(gateway.models['fraud']?.calls()).to.equal(allowed);
    expect(peakMib - begun).to.be.at.most(growthMibMax);
  });

  it('works out no answer whose deadline has passed before the request is whole', async () => {
    const client = await FrameClient.open(server.checkPort);
    const streams = Array.from({ length: 1000 }, (_, n) => 2 * n + 1);
    const block = callBlock(checkPath, [['grpc-timeout', '200m']]);
    const body = message(Buffer.alloc(100));
    client.send(...streams.flatMap(id => [headers(id, block), data(id, body.subarray(0, 50), 0)]));
    // The server has read them when it answers what came behind.
    client.send(headers(2001), data(2001, message(Buffer.alloc(0))));
    await client.ended(2001);
    await starve(server, async () => {
      client.send(...streams.map(id => data(id, body.subarray(50))));
      await sleep(300);
    });
    await client.ended(...streams);
    for (const id of streams) {
      expectRefusal(client.view, id, deadlineExceeded);
    }
    client.close();
  });
});
