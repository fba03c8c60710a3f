import type { DenialReason } from '../../decision/decision.ts';

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

/** A denial in the ring; a newer one has a greater id. */
export interface KeptDenial extends Denial {
  readonly id: number;
}

/** Denials that a process keeps. */
export const denialsKept = 10_000;

/** The last denials of this process; a new one takes the place of the oldest. */
export class DenialRing {
  readonly #capacity: number;
  readonly #denials: KeptDenial[] = [];
  #next = 0;
  #lastId = 0;

  constructor(capacity: number = denialsKept) {
    this.#capacity = capacity;
  }

  add(denial: Denial): void {
    this.#lastId += 1;
    this.#denials[this.#next] = { ...denial, id: this.#lastId };
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** Newest first. */
  list(): KeptDenial[] {
    return [...this.#denials.slice(this.#next), ...this.#denials.slice(0, this.#next)].reverse();
  }
}
