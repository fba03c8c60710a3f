import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Bootstrap, connectionManagerOf } from '../../envoy/render-config.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { startGateway } from '../support/envoy.ts';
import { type Lap, type PacedLoad, startPacedLoad } from '../support/paced-load.ts';
import { freePort } from '../support/ports.ts';
import { runs } from '../support/runs.ts';
import { initData, type ServeOptions, type StartedProcess, spawnServe } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

const replacements = runs(50);
/** The first that this machine keeps up with is used; one that is lower than the first is told of. */
const rates = [2000, 1000, 500];
const probeMs = 3000;
/** Behind the clock the loader tells of itself, or of a machine without a core for it: what happened meanwhile is not judged. */
const lateMsMax = 100;
/** Of a second's calls, what may be under way where a machine keeps up. */
const underWayMax = 0.1;
/** So many times as often as it is to be judged, a server is replaced at most. */
const triesMax = 3;
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

/** As much load as this machine carries beside Envoy and the server. */
async function loadThatFits(port: number, request: string): Promise<{ load: PacedLoad; perSecond: number }> {
  for (const perSecond of rates) {
    const load = startPacedLoad({ port, perSecond, request });
    await sleep(probeMs);
    const lap = load.lap();
    await sleep(probeMs);
    if (load.underWay() <= perSecond * underWayMax && lap.latestMs <= lateMsMax) {
      return { load, perSecond };
    }
    await load.stop();
    console.log(`      !!! THIS MACHINE IS TOO BUSY for ${perSecond} calls a second: what follows does NOT show T19`);
  }
  throw new Error(`this machine carries not even ${rates.at(-1)} calls a second`);
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

/** Lets the lines be replaced in turn, until it was so often within the machine's powers; answers the laps of each line that count. */
async function laps(load: PacedLoad, perSecond: number, ...lines: readonly Line[]): Promise<Lap[][]> {
  const counted: Lap[][] = [];
  for (let tries = 0; counted.length < replacements && tries < triesMax * replacements; tries += 1) {
    const taken: Lap[] = [];
    for (const line of lines) {
      await until('calls of the lap before are answered', () => load.underWay() <= perSecond * underWayMax);
      taken.push(load.lap());
      await line.replace();
    }
    if (taken.every(({ latestMs }) => latestMs <= lateMsMax)) {
      counted.push(taken);
    }
  }
  await load.stop();
  console.log(`      ${counted.length} of ${replacements} replacements at ${perSecond} calls a second were judged`);
  expect(counted.length, 'replacements during which this machine kept up').to.equal(replacements);
  return lines.map((_, of) => counted.map(each => each[of] as Lap));
}

/** What came of some laps, in all. */
function told(what: string, some: readonly Lap[]): { readonly calls: number; readonly failed: number } {
  const count = (is: (status: number) => boolean) =>
    some.flatMap(({ outcomes }) => [...outcomes]).reduce((sum, [status, calls]) => sum + (is(status) ? calls : 0), 0);
  const [calls, failed] = [count(() => true), count(status => status !== 200)];
  const slowest = Math.round(Math.max(...some.map(({ slowestMs }) => slowestMs)));
  console.log(`      ${what}: ${calls} calls, ${failed} failed, the slowest took ${slowest} ms`);
  // Whatever is not allowed in time is refused as 503, never let through unasked nor told that its key is wrong.
  expect(count(status => status !== 200 && status !== 503)).to.equal(0);
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
    const { load, perSecond } = await loadThatFits(gateway.port, request);
    const [own = []] = await laps(load, perSecond, line);
    expect(told('replaced', own).failed).to.equal(0);
  });

  it('fail no more of them within the shipped limit of a check than as many replacements of a server beside', async () => {
    const { line, gateway, request } = await start(answerDirectly);
    const beside = await startLine();
    let isFine = false;
    for (let round = 0; round < roundsMax && !isFine; round += 1) {
      const { load, perSecond } = await loadThatFits(gateway.port, request);
      const [control = [], own = []] = await laps(load, perSecond, beside.line, line);
      const [without, replaced] = [told('replaced beside', control), told('replaced', own)];
      isFine = replaced.failed / replaced.calls <= without.failed / without.calls;
    }
    expect(isFine, `no more than beside in one of ${roundsMax} rounds`).to.equal(true);
  });
});
