import { RankedTurns } from '../ranked-turns.ts';
import type { WriteKind } from '../store.ts';

/**
 * The order of writes before the one connection: revocations first, and within a kind each actor in its turn, so that
 * nobody waits for all that another one has sent (T55).
 */
export class WriteQueue {
  readonly #waiting = new RankedTurns();
  #isBusy = false;

  /** Runs a write when its turn has come; answers and rejects as it does. */
  async run<T>(actor: string, kind: WriteKind, write: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      await this.#waiting.wait(kind === 'revocation', actor);
    }
    this.#isBusy = true;
    try {
      return await write();
    } finally {
      // Whoever is started takes the place over: nobody who comes meanwhile gets in between.
      this.#isBusy = this.#waiting.startNext();
    }
  }
}
