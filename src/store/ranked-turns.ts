import { Turns } from './turns.ts';

/** How many of those that go first are started in a row while others wait. */
const firstInARow = 8;

/**
 * Who waits, of two ranks: the first one goes before the other, and after some of it in a row one of the other does, so
 * that nobody stands still. Within a rank each name has its turn.
 */
export class RankedTurns {
  readonly #first = new Turns();
  readonly #other = new Turns();
  #inARow = 0;

  /** Resolves when `startNext` has come to this one. */
  wait(isFirst: boolean, name: string): Promise<void> {
    return (isFirst ? this.#first : this.#other).wait(name);
  }

  /** Starts whoever is next; false: nobody waits. */
  startNext(): boolean {
    const isFirst = !this.#first.isEmpty && (this.#other.isEmpty || this.#inARow < firstInARow);
    this.#inARow = isFirst ? this.#inARow + 1 : 0;
    return (isFirst ? this.#first : this.#other).startNext();
  }
}
