import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { note } from './report/say.ts';
import { benchCache } from './where.ts';

const pollMs = 1000;

/** Waits until no other run measures on this machine: two at once would measure each other, and share the stores. */
export async function takeTurn(): Promise<void> {
  mkdirSync(benchCache(), { recursive: true, mode: 0o700 });
  const file = join(benchCache(), 'running.pid');
  for (let said = false; !claim(file); said = true) {
    if (!said) {
      note(`waiting for the run of process ${holder(file)}`);
    }
    await sleep(pollMs);
  }
  process.once('exit', () => rmSync(file, { force: true }));
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => process.exit(1));
  }
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(holder(file))) {
      rmSync(file, { force: true });
    }
    return false;
  }
}

function holder(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
