import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 25;

/** Waits for a condition to hold; rejects with its name when it does not within the time. */
export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) {
      throw new Error(`not within ${withinMs} ms: ${what}`);
    }
    await sleep(pollMs);
  }
}
