import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 25;

type Truthy<T> = Exclude<T, undefined | null | false | '' | 0>;

/** Far above anything that is waited for on a busy machine: it tells a fault, it measures nothing. */
const limitMs = 60_000;

/** Waits for something to be there, and answers it; rejects with its name when it is not within the time. */
export async function until<T>(
  what: string,
  read: () => T | Promise<T>,
  withinMs: number = limitMs,
): Promise<Truthy<T>> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value) {
      return value as Truthy<T>;
    }
    if (performance.now() > end) {
      throw new Error(`not within ${withinMs} ms: ${what}`);
    }
    await sleep(pollMs);
  }
}
