/** So many bytes may be held at once, by all who share the budget. */
export class ByteBudget {
  readonly #max: number;
  #held = 0;

  constructor(bytesMax: number) {
    this.#max = bytesMax;
  }

  /** Holds more bytes; answers whether that is within the budget. What is beyond is held all the same, until it is given back. */
  hold(bytes: number): boolean {
    this.#held += bytes;
    return this.#held <= this.#max;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
