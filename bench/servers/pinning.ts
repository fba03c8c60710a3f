import { spawnSync } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import { warn } from '../report/say.ts';

/** Which core each side has for itself. */
const cores = { server: 0, loader: 1 } as const;

let possible: boolean | undefined;

/** The command on the core of its side; as it is where cores can't be kept apart, which is said once. */
export function pinned(side: keyof typeof cores, command: readonly string[]): string[] {
  possible ??= canPin();
  return possible ? ['taskset', '-c', String(cores[side]), ...command] : [...command];
}

/**
 * Leaves the server's core to the server: this process makes changes and reads figures meanwhile. What it starts from now on
 * has its priority; one above that of others (below 0) is root's to give.
 */
export function pinOurselves(niceness: number): void {
  setPriority(niceness);
  possible ??= canPin();
  if (possible) {
    spawnSync('taskset', ['-apc', String(cores.loader), String(process.pid)]);
  }
}

function canPin(): boolean {
  const why =
    availableParallelism() < 2
      ? 'this machine has one core'
      : spawnSync('taskset', ['-c', '0,1', 'true']).status !== 0 && 'taskset is missing, or cores 0 and 1 are not ours';
  if (why) {
    warn(`${why}: server and loader share their cores, so only the CPU time per check means anything`);
  }
  return !why;
}
