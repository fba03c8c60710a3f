import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work without a pause, in milliseconds: a check may have to wait for it (T33). */
const stretchMs = 2;

/** Breaks long work on many things into stretches, between which everything else has its turn. */
export class Pace {
  #since = performance.now();

  /** Whether it is time for a pause; asked after each thing. */
  get isDue(): boolean {
    return performance.now() - this.#since > stretchMs;
  }

  /** The things one after the other, with a pause where it is time for one. */
  async *over<T>(things: Iterable<T>): AsyncGenerator<T> {
    for (const thing of things) {
      yield thing;
      if (this.isDue) {
        await this.pause();
      }
    }
  }

  async pause(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
