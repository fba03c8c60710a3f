/** Somebody's part of a budget. */
export class ByteShare {
  readonly #budget: ByteBudget;
  #held = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Holds more bytes; answers whether they may be. What is beyond is held all the same, until it is given back. */
  hold(bytes: number): boolean {
    const before = this.#held;
    this.#held += bytes;
    return this.#budget.hold(before, this.#held);
  }

  giveBack(bytes: number): void {
    this.hold(-bytes);
  }
}

/**
 * So many bytes may be held at once, by all who have a share. When that is used up, whoever holds less than an equal part of it may
 * go on all the same, so that nobody can take everything from the others; in all it is never twice the budget (T17).
 */
export class ByteBudget {
  readonly #max: number;
  readonly #shareMax: number;
  #held = 0;
  #holders = 0;

  /** `shareMax`: what one may hold at most, whatever is left. */
  constructor(bytesMax: number, shareMax: number = bytesMax) {
    this.#max = bytesMax;
    this.#shareMax = shareMax;
  }

  /** A share holds that many bytes instead of those before; answers whether it may. */
  hold(before: number, now: number): boolean {
    this.#held += now - before;
    this.#holders += (now > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
    return now <= this.#shareMax && (this.#held <= this.#max || now <= this.#max / this.#holders);
  }
}
