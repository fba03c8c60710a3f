/** Rows in one chunk of a column: a column grows by a chunk, and nothing that it holds is copied. */
export const rowsPerChunk = 16_384;

/**
 * Rows of a fixed number of 32-bit words, outside the JavaScript heap. A row is known by its number, from 1
 * on, so that 0 can say "none". A row that is removed is used again.
 */
export class WordRows {
  readonly #words: number;
  readonly #shift: number;
  readonly #mask: number;
  readonly #chunks: Int32Array[] = [];
  #next = 1;
  /** The last row that was removed; its first word says which one was removed before it. */
  #free = 0;

  /** `chunkRows` is a power of two. */
  constructor(words: number, chunkRows: number) {
    this.#words = words;
    this.#shift = Math.log2(chunkRows);
    this.#mask = chunkRows - 1;
  }

  /** A row whose words are all 0. */
  add(): number {
    const reused = this.#free;
    if (reused !== 0) {
      this.#free = this.get(reused, 0);
      this.set(reused, 0, 0);
      return reused;
    }
    const row = this.#next;
    while (row >>> this.#shift >= this.#chunks.length) {
      this.#chunks.push(new Int32Array(this.#words << this.#shift));
    }
    this.#next = row + 1;
    return row;
  }

  remove(row: number): void {
    for (let word = 1; word < this.#words; word += 1) {
      this.set(row, word, 0);
    }
    this.set(row, 0, this.#free);
    this.#free = row;
  }

  get(row: number, word: number): number {
    return (this.#chunks[row >>> this.#shift] as Int32Array)[(row & this.#mask) * this.#words + word] as number;
  }

  set(row: number, word: number, value: number): void {
    (this.#chunks[row >>> this.#shift] as Int32Array)[(row & this.#mask) * this.#words + word] = value;
  }
}
