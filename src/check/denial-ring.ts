import type { DenialReason } from '../decision/decision.ts';

/** One refused call, for the question "why was I refused?" (B48). Holds no secret and nothing of the body. */
export interface Denial {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly reason: DenialReason;
  readonly modelId: string | undefined;
  readonly projectId: string | undefined;
  readonly keyId: string | undefined;
  readonly callerAddress: string;
}

/** Denials that a process keeps. */
export const denialsKept = 10_000;

/** The last denials of this process; a new one takes the place of the oldest. */
export class DenialRing {
  readonly #capacity: number;
  readonly #denials: Denial[] = [];
  #next = 0;

  constructor(capacity: number = denialsKept) {
    this.#capacity = capacity;
  }

  add(denial: Denial): void {
    this.#denials[this.#next] = denial;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** Newest first. */
  list(): Denial[] {
    return [...this.#denials.slice(this.#next), ...this.#denials.slice(0, this.#next)].reverse();
  }
}
