import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this project, seen from the compiled files in `dist/bench/`. */
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where the peers kit is looked for when no option names its folder. */
export function defaultPeersFolder(env: NodeJS.ProcessEnv): string {
  return env['MODELGATE_PEERS'] ?? join(root, '..', 'shared', 'peers');
}

/** Where stores, logs and the lock lie between runs: a million keys take minutes to write. */
export function benchCache(env: NodeJS.ProcessEnv = process.env): string {
  return env['MODELGATE_BENCH_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'modelgate-bench');
}

/** A file of this project. */
export function inProject(...path: readonly string[]): string {
  return join(root, ...path);
}
