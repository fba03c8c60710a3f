import { seeded } from '../support/seeded.ts';

/** Choices in an order that a seed decides. Whoever acts beside others has dice of its own, so that who is first changes nobody's choices. */
export class Dice {
  readonly #seed: number;
  readonly #next: () => number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#next = seeded(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 13));
    // The first numbers of seeds that are alike are alike.
    for (let n = 0; n < 8; n += 1) this.#next();
  }

  /** Dice for one actor of many, by its number. */
  of(actor: number): Dice {
    return new Dice(Math.imul(this.#seed + 1, 0x2c1b3c6d) + actor);
  }

  /** A whole number from 0 on, below this one. */
  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  /** A whole number of these bounds, both included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}
