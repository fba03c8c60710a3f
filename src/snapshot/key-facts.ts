import { WordRows } from './columns/word-rows.ts';
import type { Ref } from './names.ts';

/** Words of a row that its facts take. */
export const keyFactWords = 3;

/** Numbers of names stay below 2 to the power of 25, and numbers of scopes too: `RowTable` takes no more. */
const refBits = 25;
const refMask = (1 << refBits) - 1;
const restBits = 32 - refBits;
const restMask = (1 << restBits) - 1;
const wordRange = 2 ** 32;

/** An instant has the 46 bits that the two numbers leave: these values of the upper 14 say that it is none of these. */
const never = (1 << (2 * restBits)) - 1;
const elsewhere = never - 1;

/** Owner, scope and expiry of API keys, in three words each: an instant outside of the years 1970 to 4199 takes two more elsewhere. */
export class KeyFactRows {
  readonly #rows: WordRows;
  readonly #word: number;
  readonly #far: WordRows;

  constructor(rows: WordRows, word: number, chunkRows: number) {
    this.#rows = rows;
    this.#word = word;
    this.#far = new WordRows(2, chunkRows);
  }

  owner(row: number): Ref {
    return this.#rows.get(row, this.#word) & refMask;
  }

  scope(row: number): number {
    return this.#rows.get(row, this.#word + 1) & refMask;
  }

  /** Milliseconds since 1970; null: never. */
  expiresAt(row: number): number | null {
    const upper = this.#upper(row);
    const lower = this.#rows.get(row, this.#word + 2);
    if (upper === elsewhere) {
      return this.#far.get(lower, 1) * wordRange + (this.#far.get(lower, 0) >>> 0);
    }
    return upper === never ? null : upper * wordRange + (lower >>> 0);
  }

  set(row: number, owner: Ref, scope: number, expiresAt: number | null): void {
    let upper = expiresAt === null ? never : Math.floor(expiresAt / wordRange);
    let lower = expiresAt === null ? 0 : expiresAt - upper * wordRange;
    if (expiresAt !== null && (upper < 0 || upper >= elsewhere)) {
      const far = this.#far.add();
      this.#far.set(far, 0, lower);
      this.#far.set(far, 1, upper);
      upper = elsewhere;
      lower = far;
    }
    this.#rows.set(row, this.#word, owner | ((upper >>> restBits) << refBits));
    this.#rows.set(row, this.#word + 1, scope | ((upper & restMask) << refBits));
    this.#rows.set(row, this.#word + 2, lower);
  }

  /** Gives back what the facts take outside the row. */
  clear(row: number): void {
    if (this.#upper(row) === elsewhere) {
      this.#far.remove(this.#rows.get(row, this.#word + 2));
    }
  }

  #upper(row: number): number {
    const high = this.#rows.get(row, this.#word) >>> refBits;
    return (high << restBits) | (this.#rows.get(row, this.#word + 1) >>> refBits);
  }
}
