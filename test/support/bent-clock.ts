import { type Clock, createClock } from '../../src/server/clock.ts';

export const hourMs = 3_600_000;
export const yearMs = 365 * 24 * hourMs;

/** A machine whose clock a test sets, as a person or a time server does, while real time goes on apart from it. */
export class BentMachine {
  #offset = 0;
  #elapsed = 0;
  readonly #start: number;

  constructor(start: number = Date.UTC(2026, 0, 15, 12)) {
    this.#start = start;
  }

  /** Lets real time pass: every clock goes on. */
  pass(ms: number): void {
    this.#elapsed += ms;
  }

  /** Sets the clock of the machine by so much, without any time passing. */
  set(ms: number): void {
    this.#offset += ms;
  }

  /** What a right clock says. */
  truth(): number {
    return this.#start + this.#elapsed;
  }

  wall(): number {
    return this.truth() + this.#offset;
  }

  /** The product's clock in a process that begins now. */
  clock(): Clock {
    return createClock({ wall: () => this.wall(), ticks: () => this.#elapsed });
  }
}
