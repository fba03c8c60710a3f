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
    this.expect(row);
    this.#next = row + 1;
    return row;
  }

  /**
   * Makes place for that many rows in all. Made amid other work, chunks would lie between what that leaves behind, and
   * the gaps would never be given back.
   */
  expect(count: number): void {
    while (count >>> this.#shift >= this.#chunks.length) {
      this.#chunks.push(new Int32Array(this.#words << this.#shift));
    }
  }

  /** Adds all rows up to that one at once, where none was ever removed. */
  addUpTo(row: number): void {
    this.expect(row);
    this.#next = Math.max(this.#next, row + 1);
  }

  remove(row: number): void {
    const start = this.startOf(row);
    this.chunkOf(row).fill(0, start, start + this.#words);
    this.set(row, 0, this.#free);
    this.#free = row;
  }

  get(row: number, word: number): number {
    return this.chunkOf(row)[this.startOf(row) + word] as number;
  }

  set(row: number, word: number, value: number): void {
    this.chunkOf(row)[this.startOf(row) + word] = value;
  }

  /** The words among which the row lies. */
  chunkOf(row: number): Int32Array {
    return this.#chunks[row >>> this.#shift] as Int32Array;
  }

  /** Where the row's first word stands in its chunk. */
  startOf(row: number): number {
    return (row & this.#mask) * this.#words;
  }
}
