import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 25;

type Truthy<T> = Exclude<T, undefined | null | false | '' | 0>;

/** Waits for something to be there, and answers it; rejects with its name when it is not within the time. The time tells a fault, it measures nothing. */
export async function until<T>(what: string, withinMs: number, read: () => T | Promise<T>): Promise<Truthy<T>> {
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
