import type { WriteKind } from '../store.ts';
import { Turns } from '../turns.ts';

/** Revocations that go before a waiting ordinary write; then one of those goes, so that they never stand still. */
const revocationsInARow = 8;

/**
 * The order of writes before the one connection: revocations first, and within a kind each actor in its turn, so that
 * nobody waits for all that another one has sent (T55).
 */
export class WriteQueue {
  readonly #waiting = { revocation: new Turns(), ordinary: new Turns() };
  #isBusy = false;
  #inARow = 0;

  /** Runs a write when its turn has come; answers and rejects as it does. */
  async run<T>(actor: string, kind: WriteKind, write: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      await this.#waiting[kind].wait(actor);
    }
    this.#isBusy = true;
    try {
      return await write();
    } finally {
      this.#startNext();
    }
  }

  /** Whoever is started takes the place over: nobody who comes meanwhile gets in between. */
  #startNext(): void {
    const { revocation, ordinary } = this.#waiting;
    const isOrdinarysTurn = this.#inARow >= revocationsInARow && !ordinary.isEmpty;
    const isRevocation = !revocation.isEmpty && !isOrdinarysTurn;
    this.#inARow = isRevocation ? this.#inARow + 1 : 0;
    this.#isBusy = (isRevocation ? revocation : ordinary).startNext();
  }
}
