import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work without a pause, in milliseconds: a check may have to wait for it (T33). */
const stretchMs = 5;

/** Breaks long work on many things into stretches, between which everything else has its turn. */
export class Pace {
  #since = performance.now();

  /** Whether it is time for a pause; asked after each thing. */
  get isDue(): boolean {
    return performance.now() - this.#since > stretchMs;
  }

  async pause(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
