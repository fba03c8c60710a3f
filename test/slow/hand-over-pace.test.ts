import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Bootstrap, connectionManagerOf } from '../../envoy/render-config.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startGateway } from '../support/envoy.ts';
import { type Lap, type PacedLoad, startPacedLoad } from '../support/paced-load.ts';
import { freePort } from '../support/ports.ts';
import { runs } from '../support/runs.ts';
import { initData, type ServeOptions, type StartedProcess, spawnServe } from '../support/serve-process.ts';

const replacements = runs(12);
/** The first that this machine keeps up with is used; one that is lower than the first is told of. */
const rates = [2000, 1000, 500];
const probeMs = 3000;
/** Behind the clock the loader tells of itself, or of a machine without a core for it: what happened meanwhile is not judged. */
const lateMsMax = 100;
/** Of a second's calls, what may be under way where a machine keeps up. */
const underWayMax = 0.1;
/** So many times as often as it is judged, and so many more at first, a server is replaced. */
const triesMax = 3;
const spareTries = 4;
/** Longest time for calls of the lap before to be answered. */
const settleMsMax = 10_000;
/** Of these the best counts where a tight limit is kept. */
const roundsMax = 3;

const model = { projects: [{ project_id: 'risk', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }] };

/** Envoy answers what was allowed by itself, and logs nothing: the machine's time is for the checks. */
function answerDirectly(bootstrap: Bootstrap): void {
  const manager = connectionManagerOf(bootstrap);
  const [host] = manager.route_config.virtual_hosts;
  host?.routes.splice(0, Number.POSITIVE_INFINITY, {
    match: { prefix: '/' },
    direct_response: { status: 200, body: { inline_string: 'allowed' } },
  });
  delete manager['access_log'];
}

/** A check that is lost fails after any time; one that a busy machine delays must not. */
function waitLonger(bootstrap: Bootstrap): void {
  const [extAuthz] = connectionManagerOf(bootstrap).http_filters;
  (extAuthz?.typed_config['grpc_service'] as { timeout: string }).timeout = '5s';
}

/** A server on a data directory of its own, with a key for its model. */
async function serveModel() {
  const data = dataDirectory();
  const legacyKey = await initData(data);
  const checkPort = await freePort();
  const checkListen = `127.0.0.1:${checkPort}`;
  const options = { data, legacyKey, adminPort: await freePort(), checkListen, flags: ['--take-over-ms', '60000'] };
  const server = spawnServe(options);
  await server.says('"serving"');
  await server.admin.post('/api/v2/site:apply', model);
  const { access_key } = (await server.admin.get('/api/v2/projects/risk/models/fraud')).body;
  const { api_key } = (await server.admin.post('/api/v2/users/root/v2_keys', {})).body;
  const body = JSON.stringify({ accessKey: access_key, request: {} });
  const head = `POST /model HTTP/1.1\r\nhost: m\r\nauthorization: Bearer ${api_key}\r\ncontent-type: application/json\r\n`;
  return { options, server, checkPort, request: `${head}content-length: ${body.length}\r\n\r\n${body}` };
}

/** Servers of one data directory, of which the next takes the place of the one before. */
class Line {
  readonly #options: ServeOptions;
  #server: StartedProcess;

  constructor(options: ServeOptions, server: StartedProcess) {
    this.#options = options;
    this.#server = server;
  }

  async replace(): Promise<void> {
    const next = spawnServe(this.#options);
    await next.says('to hand over');
    const code = await this.#server.end('SIGTERM');
    this.#server = next;
    await next.says('"serving"');
    expect(code, 'exit code of the one that went').to.equal(0);
  }

  async end(): Promise<void> {
    await this.#server.end('SIGKILL');
  }
}

/** Replaces each of the lines so often under load; answers the laps of each of them, at the highest rate that this machine keeps up with. */
async function lapsOf(port: number, request: string, ...lines: readonly Line[]): Promise<Lap[][]> {
  for (const perSecond of rates) {
    const load = startPacedLoad({ port, perSecond, request });
    await sleep(probeMs);
    const counted = await replaceAll(load, perSecond * underWayMax, lines).finally(load.stop);
    console.log(`      ${counted.length} of ${replacements} replacements at ${perSecond} calls a second were judged`);
    if (counted.length === replacements) {
      return lines.map((_, of) => counted.map(each => each[of] as Lap));
    }
    console.log(`      !!! THIS MACHINE IS TOO BUSY for ${perSecond} calls a second: what follows does NOT show T19`);
  }
  throw new Error(`this machine carries not even ${rates.at(-1)} calls a second: try again when it does nothing else`);
}

/** Lets the lines be replaced in turn; answers the laps of each turn during which the machine kept up, too few where it does not. */
async function replaceAll(load: PacedLoad, waitingMax: number, lines: readonly Line[]): Promise<Lap[][]> {
  const counted: Lap[][] = [];
  for (let tries = 0; counted.length < replacements && tries < triesMax * (counted.length + spareTries); tries += 1) {
    const taken: Lap[] = [];
    for (const line of lines) {
      const end = performance.now() + settleMsMax;
      while (load.underWay() > waitingMax) {
        if (performance.now() > end) return counted;
        await sleep(10);
      }
      taken.push(load.lap());
      await line.replace();
    }
    if (taken.every(({ latestMs }) => latestMs <= lateMsMax)) {
      counted.push(taken);
    }
  }
  return counted;
}

/** What came of some laps, in all. */
function told(what: string, some: readonly Lap[]): { readonly calls: number; readonly failed: number } {
  const count = (is: (status: number) => boolean) =>
    some.flatMap(({ outcomes }) => [...outcomes]).reduce((sum, [status, calls]) => sum + (is(status) ? calls : 0), 0);
  const [calls, failed] = [count(() => true), count(status => status !== 200)];
  const slowest = Math.round(Math.max(...some.map(({ slowestMs }) => slowestMs)));
  const unasked = count(status => status === 0);
  console.log(
    `      ${what}: ${calls} calls, ${failed} failed (${unasked} without an answer), the slowest took ${slowest} ms`,
  );
  for (const [at, { outcomes, slowestMs, latestMs }] of some.entries()) {
    const [slow, late] = [slowestMs, latestMs].map(Math.round);
    const said = JSON.stringify(Object.fromEntries(outcomes));
    if (outcomes.size > 1)
      console.log(`        lap ${at}: ${said}, the slowest ${slow} ms, sent up to ${late} ms late`);
  }
  // Whatever is not allowed in time is refused as 503, never let through unasked nor told that its key is wrong.
  expect(count(status => ![200, 503, 0].includes(status))).to.equal(0);
  return { calls, failed };
}

describe(`T19 ${replacements} replacements under as many checks as a busy gateway sends`, function () {
  this.timeout(120_000 + replacements * 60_000);
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  const startLine = async () => {
    const { options, server, ...rest } = await serveModel();
    const line = new Line(options, server);
    ends.push(() => line.end());
    return { line, ...rest };
  };
  const start = async (edit: (bootstrap: Bootstrap) => void) => {
    const started = await startLine();
    const gateway = await startGateway({ check: started.checkPort, models: [], concurrency: 2, edit });
    ends.unshift(() => gateway.close());
    return { ...started, gateway };
  };

  it(`fail no call at ${rates[0]} a second`, async () => {
    const { line, gateway, request } = await start(bootstrap => {
      answerDirectly(bootstrap);
      waitLonger(bootstrap);
    });
    const [own = []] = await lapsOf(gateway.port, request, line);
    const { failed } = told('replaced', own);
    const stats = await (await fetch(`${gateway.adminUrl}/stats?filter=^cluster.modelgate.upstream_(cx|rq)`)).text();
    expect(failed, stats).to.equal(0);
  });

  it('fail no more of them within the shipped limit of a check than as many replacements of a server beside', async () => {
    const { line, gateway, request } = await start(answerDirectly);
    const beside = await startLine();
    let isFine = false;
    for (let round = 0; round < roundsMax && !isFine; round += 1) {
      const [control = [], own = []] = await lapsOf(gateway.port, request, beside.line, line);
      const [without, replaced] = [told('replaced beside', control), told('replaced', own)];
      isFine = replaced.failed / replaced.calls <= without.failed / without.calls;
    }
    expect(isFine, `no more than beside in one of ${roundsMax} rounds`).to.equal(true);
  });
});
