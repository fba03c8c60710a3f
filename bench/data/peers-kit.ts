import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { note, warn } from '../report/say.ts';

/** The kit of rivals, with what it has built: rivals, tables, requests and the loader. */
export interface PeersKit {
  readonly folder: string;
  readonly binaries: string;
  readonly loader: string;
  /** Makes tables of any size. */
  readonly maker: string;
  /** The folder with the tables of a set. */
  tables(set: string): string;
  /** The requests of a name for a set. */
  workloadFile(set: string, workload: string): string;
}

/** Where the kit keeps what it builds, by the same variables as its own script. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  return env['PEERS_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelgate-peers');
}

/** The kit in a folder; undefined where there is none. */
export function findPeersKit(folder: string, env: NodeJS.ProcessEnv): PeersKit | undefined {
  if (!existsSync(join(folder, 'build.sh'))) {
    return undefined;
  }
  const cache = cacheFolder(env);
  const binaries = join(cache, 'bin');
  const tables = (set: string) => join(cache, 'data', set);
  return {
    folder,
    binaries,
    loader: join(binaries, 'loader'),
    maker: join(binaries, 'data'),
    tables,
    workloadFile: (set, workload) => join(tables(set), `${workload}.workload`),
  };
}

/** Throws where there is none: without its loader and tables nothing can be measured. */
export function requirePeersKit(folder: string, env: NodeJS.ProcessEnv): PeersKit {
  const kit = findPeersKit(folder, env);
  if (!kit) {
    throw new Error(`no peers kit in ${folder}: name its folder with --peers or MODELGATE_PEERS`);
  }
  return kit;
}

/** Builds what is not built yet of this kit as it is now. Throws where not even the loader comes of it. */
export function buildPeersKit(kit: PeersKit, sets: readonly string[]): void {
  const wantsBig = sets.includes('big') && !existsSync(join(kit.tables('big'), '64k.workload'));
  const stamp = join(kit.binaries, '.built-from');
  const source = digestOfFolder(kit.folder);
  if (!wantsBig && existsSync(stamp) && readFileSync(stamp, 'utf8') === source) {
    return;
  }
  note(`building the rivals of ${kit.folder}: some minutes, once`);
  for (const [tool, loss] of [
    ['go', 'the loader and the rivals in Go'],
    ['cargo', 'rust-handwritten, and the rivals that are built after it'],
  ] as const) {
    if (spawnSync(tool, ['version']).error) {
      warn(`no ${tool} on the path: left out are ${loss}, unless they were built before`);
    }
  }
  const built = spawnSync(join(kit.folder, 'build.sh'), wantsBig ? ['--big'] : [], { stdio: ['ignore', 2, 2] });
  if (built.status === 0) {
    writeFileSync(stamp, source);
  } else {
    warn('build.sh of the peers kit failed, see above: what it built before is measured, the rest is left out');
  }
  if (!existsSync(kit.loader)) {
    throw new Error(`no loader in ${kit.binaries}: install Go, then run again`);
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
