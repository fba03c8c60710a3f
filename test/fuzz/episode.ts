import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyBytesMax } from '../property/random-calls.ts';
import { secrets } from '../property/random-sites.ts';
import { type Authority, makeAuthority, writePems } from '../support/certificates.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { freePort } from '../support/ports.ts';
import { initData } from '../support/serve-process.ts';
import { Dice } from './dice.ts';
import { fuzzCalls } from './fuzz-calls.ts';
import { History } from './history.ts';
import { Peer } from './peer.ts';
import { anySite } from './random-site.ts';
import { type Counts, Run } from './run.ts';
import { ServerLine } from './server-line.ts';
import { SiteChanger } from './site-changer.ts';

export const overs = ['TCP', 'a Unix socket', 'TLS'] as const;
export type Over = (typeof overs)[number];

export interface EpisodeOptions {
  readonly seed: number;
  readonly checks: number;
  readonly over: Over;
  /** Servers that take the place of the one before. */
  readonly handOvers: number;
  /** Counted up. */
  readonly counts: Counts;
}

const connections = 8;
const callsInPool = 800;
/** Nobody listens for a moment while one server follows another. */
const reconnectMs = 10;
const reconnectsMax = 6000;

/** One site, served from beginning to end by real servers, with everything at once. Rejects at the first fault, with its seed. */
export async function playEpisode(options: EpisodeOptions): Promise<void> {
  const { seed, checks, over, handOvers, counts } = options;
  const dice = new Dice(seed);
  const data = dataDirectory();
  const legacyKey = await initData(data);
  const at = over === 'a Unix socket' ? join(data, 'check.sock') : await freePort();
  const checkListen = typeof at === 'number' ? `127.0.0.1:${at}` : `unix:${at}`;
  const authority = over === 'TLS' ? makeAuthority('fuzz') : undefined;
  const tls = authority === undefined ? [] : tlsFlags(authority);
  const flags = ['--take-over-ms', '60000', '--body-bytes-max', String(bodyBytesMax), ...tls];
  const line = await ServerLine.start({ data, legacyKey, adminPort: await freePort(), checkListen, flags });
  try {
    const site = anySite(dice, secrets);
    const changer = new SiteChanger(line, site, dice.of(1));
    const history = new History(site);
    history.acknowledge(await changer.fill());
    const run = new Run({ at, ca: authority?.cert }, fuzzCalls(seed, callsInPool), history, counts, checks);
    const failing = (work: Promise<void>) => work.catch(fault => run.fail('fault', String(fault?.stack ?? fault)));
    const work = Array.from({ length: connections }, (_, n) => failing(connectAgain(run, dice.of(100 + n))));
    work.push(failing(changer.run(run, history)), failing(replaceServers(line, run, handOvers, checks)));
    await Promise.all(work);
    if (run.failure !== undefined) throw run.failure;
    await line.end();
  } catch (fault) {
    const message = `seed ${seed}, over ${over}: ${fault instanceof Error ? fault.message : fault}`;
    throw new Error(`${message}\nTo play it again: npm run fuzz -- --seed ${seed}`, { cause: fault });
  } finally {
    line.kill();
  }
}

function tlsFlags(authority: Authority): string[] {
  const { cert, key } = writePems({ ...authority.issue('localhost') });
  return ['--check-tls-cert', cert, '--check-tls-key', key];
}

async function connectAgain(run: Run, dice: Dice): Promise<void> {
  let refused = 0;
  for (let n = 0; !run.isOver; n += 1) {
    try {
      run.counts.connections += 1;
      await Peer.live(run, dice.of(n));
      refused = 0;
    } catch (fault) {
      refused += 1;
      const { code = '' } = fault as NodeJS.ErrnoException;
      if (!['ECONNREFUSED', 'ENOENT', 'ECONNRESET'].includes(code) || refused > reconnectsMax) throw fault;
      await sleep(reconnectMs);
    }
  }
}

/** Evenly over the checks. */
async function replaceServers(line: ServerLine, run: Run, handOvers: number, checks: number): Promise<void> {
  const begun = run.counts.judged;
  for (let n = 1; n <= handOvers && !run.isOver; n += 1) {
    while (!run.isOver && run.counts.judged - begun < (checks * n) / (handOvers + 1)) await sleep(20);
    if (run.isOver) return;
    await line.replace(isReplacing => {
      run.isReplacing = isReplacing;
    });
    run.counts.handOvers += 1;
  }
}
