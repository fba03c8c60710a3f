import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from './backups.ts';
import { checkClient } from './check-client.ts';
import { dataDirectory } from './data-directory.ts';
import { faultyDisk } from './faulty-disk.ts';
import { History } from './history.ts';
import { cutPower, readFiles, writeFiles } from './power-cut.ts';
import { initData, startProcess } from './serve-process.ts';
import { serveAgain } from './server.ts';

/** What crashes came to: how many, what was acknowledged in between, and what was wrong after any of them. */
export interface Crashes {
  readonly crashes: number;
  readonly acknowledged: number;
  /** Ways to revoke of which one at least was acknowledged. */
  readonly waysToRevoke: number;
  readonly faults: readonly string[];
}

/** Longest time from ready to the kill, in milliseconds: some dozen changes. */
const killedAfterMsMax = 400;
/** Longest time that is written for each cut. */
const cutAfterMsMax = 500;

/** Kills a process under changes again and again, and holds each next one to what was acknowledged. */
export async function killAgainAndAgain(kills: number, random: () => number): Promise<Crashes> {
  const data = dataDirectory();
  const legacyKey = await initData(data);
  const history = new History(() => 0);
  const faults: string[] = [];
  const { epoch } = await inspect(join(data, 'modelgate.db'));
  for (let n = 0; n <= kills; n += 1) {
    const server = await startProcess(data, legacyKey);
    const checks = checkClient(server.checkPort);
    if (n === 0) await history.begin(server.admin);
    if (n === kills) history.lookAtAll();
    faults.push(...(await history.faults({ admin: server.admin, checks })).map(fault => `kill ${n}: ${fault}`));
    history.lookOnlyAtNew();
    const writing = history.write({ admin: server.admin, checks });
    await sleep(random() * killedAfterMsMax);
    checks.close();
    await server.kill9();
    await writing;
  }
  const found = await inspect(join(data, 'modelgate.db'));
  if (found.integrity !== 'ok' || found.gaps !== 0 || found.epoch !== epoch) faults.push(JSON.stringify(found));
  if (found.revision < history.revisionAt()) faults.push(`revision ${found.revision} is behind`);
  return { crashes: kills, acknowledged: history.acknowledged, waysToRevoke: history.waysToRevoke, faults };
}

export interface PowerCutOptions {
  readonly cuts: number;
  readonly random: () => number;
  /** As if the store made nothing durable: what these tests must find. */
  readonly ignoreSync?: boolean;
  /** Whether some syncs fail while changes are made. */
  readonly failingSyncs?: boolean;
}

/** Cuts of power that one run of a process is good for: each looks at another instant of what it did to its files. */
const cutsPerRun = 10;

/** Cuts the power under changes at random instants, and holds what comes up on what is left to what was acknowledged. */
export async function cutPowerAgainAndAgain(options: PowerCutOptions): Promise<Crashes> {
  const faults: string[] = [];
  let [acknowledged, waysToRevoke] = [0, 0];
  for (let done = 0; done < options.cuts; done += cutsPerRun) {
    const run = await cutPowerOfOneRun({ ...options, cuts: Math.min(cutsPerRun, options.cuts - done) });
    faults.push(...run.faults);
    acknowledged += run.acknowledged;
    waysToRevoke = Math.max(waysToRevoke, run.waysToRevoke);
  }
  return { crashes: options.cuts, acknowledged, waysToRevoke, faults };
}

async function cutPowerOfOneRun({ cuts, random, ignoreSync = false, failingSyncs = false }: PowerCutOptions) {
  const data = dataDirectory();
  const legacyKey = await initData(data);
  const { epoch } = await inspect(join(data, 'modelgate.db'));
  const before = readFiles(data);
  const disk = faultyDisk(data, { log: true, ignoreSync });
  const server = await startProcess(data, legacyKey, [], disk);
  const history = new History(() => disk.logBytes());
  await history.begin(server.admin);
  const firstCut = disk.logBytes();
  const checks = checkClient(server.checkPort);
  const writing = history.write({ admin: server.admin, checks });
  for (let n = 0; n < cuts; n += 1) {
    const on = n % 4 === 0 ? '-wal' : '-mark';
    disk.fail(...(failingSyncs && n % 2 === 0 ? [{ operation: 'sync', on, error: 'EIO' } as const] : []));
    await sleep(random() * cutAfterMsMax);
  }
  await server.kill9();
  await writing;
  checks.close();
  const log = disk.log();
  disk.close();
  const faults: string[] = [];
  for (let n = 0; n < cuts; n += 1) {
    const mark = n === 0 ? log.length : Math.floor(firstCut + random() * (log.length - firstCut));
    const left = dataDirectory();
    writeFiles(left, cutPower(before, log.subarray(0, mark), random));
    const found = await faultsAfterCut(left, { legacyKey, epoch, history, mark });
    faults.push(...found.map(fault => `cut at ${mark} of ${log.length}: ${fault}`));
  }
  return { faults, acknowledged: history.acknowledged, waysToRevoke: history.waysToRevoke };
}

interface AfterCut {
  readonly legacyKey: string;
  readonly epoch: string;
  readonly history: History;
  readonly mark: number;
}

async function faultsAfterCut(data: string, { legacyKey, epoch, history, mark }: AfterCut): Promise<string[]> {
  const server = await serveAgain(data, { key: legacyKey }).catch((error: Error) => error);
  if (server instanceof Error) {
    return [`does not start: ${server.message}`];
  }
  const faults = await history.faults(server, mark).catch((error: Error) => [`does not answer: ${error.message}`]);
  await server.close();
  const found = await inspect(join(data, 'modelgate.db'));
  if (found.integrity !== 'ok' || found.gaps !== 0 || found.epoch !== epoch) faults.push(JSON.stringify(found));
  if (found.revision < history.revisionAt(mark)) faults.push(`revision ${found.revision} is behind`);
  return faults;
}
