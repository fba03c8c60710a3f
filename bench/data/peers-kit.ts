import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { note, warn } from '../report/say.ts';
import { benchCache } from '../where.ts';
import type { Kit } from './kit.ts';

/** The kit of rivals with what it has built. */
export interface PeersKit extends Kit {
  readonly folder: string;
  /** The folder of the rivals' programs. */
  readonly binaries: string;
}

/** Sets that the kit's own script makes; all others are named by their number of keys, and made here by its maker. */
const ownSets = ['small', 'big'];
const keysPerModel = 50;

/** The kit in a folder; undefined where there is none. */
export function findPeersKit(folder: string, env: NodeJS.ProcessEnv): PeersKit | undefined {
  if (!existsSync(join(folder, 'build.sh'))) {
    return undefined;
  }
  // By the same variables as its script.
  const cache = env['PEERS_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelgate-peers');
  const binaries = join(cache, 'bin');
  const tables = (set: string) =>
    ownSets.includes(set) ? join(cache, 'data', set) : join(benchCache(env), 'tables', set);
  const kit = {
    folder,
    binaries,
    loader: [join(binaries, 'loader')],
    tables,
    workloadFile: (set: string, workload: string) => join(tables(set), `${workload}.workload`),
  };
  return { ...kit, prepare: async sets => prepare(kit, sets) };
}

type Places = Omit<PeersKit, 'prepare'>;

/** Throws where not even the loader comes of it. */
function prepare(kit: Places, sets: readonly string[]): void {
  build(kit, sets.includes('big') && !existsSync(kit.workloadFile('big', '64k')));
  if (!existsSync(kit.loader[0] as string)) {
    throw new Error(`there is no loader in ${kit.binaries}`);
  }
  for (const set of sets.filter(name => !ownSets.includes(name))) {
    makeTables(kit, set);
  }
}

/** Runs the kit's script where the kit has changed since it ran, or lacks the big set. */
function build({ folder, binaries }: Places, wantsBig: boolean): void {
  const stamp = join(binaries, '.built-from');
  const source = digestOfFolder(folder);
  if (!wantsBig && existsSync(stamp) && readFileSync(stamp, 'utf8') === source) {
    return;
  }
  note(`building the rivals of ${folder}: some minutes, once`);
  for (const [tool, loss] of [
    ['go', 'the rivals in Go, and the loader'],
    ['cargo', 'rust-handwritten, and the rivals that are built after it'],
  ] as const) {
    if (spawnSync(tool, ['version']).error) {
      warn(`no ${tool} on the path: unless they were built before, left out are ${loss}`);
    }
  }
  const built = spawnSync(join(folder, 'build.sh'), wantsBig ? ['--big'] : [], { stdio: ['ignore', 2, 2] });
  if (built.status === 0) {
    writeFileSync(stamp, source);
  } else {
    warn('build.sh of the peers kit failed, see above: what it built before is measured, the rest is left out');
  }
}

function makeTables({ binaries, tables, workloadFile }: Places, set: string): void {
  const keys = Number.parseInt(set, 10);
  if (existsSync(workloadFile(set, '64k'))) {
    return;
  }
  note(`making tables with ${keys.toLocaleString('en')} keys`);
  const flags = ['-out', tables(set), '-models', String(keys / keysPerModel), '-keys', String(keys)];
  const { status } = spawnSync(join(binaries, 'data'), flags, { stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    throw new Error(`the peers kit's maker of tables failed for ${set}`);
  }
}

/** Changes with the kit's files, so that a newer kit is built anew. */
function digestOfFolder(folder: string): string {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      hash.update(path.slice(folder.length)).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}
