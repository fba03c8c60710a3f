import { Chains } from './columns/chains.ts';
import { WordRows } from './columns/word-rows.ts';
import type { Names, Ref } from './names.ts';

export interface PairsOptions {
  readonly names: Names;
  readonly chunkRows: number;
  /** Whether the pairs of a first name can be listed too, for a word more in each row. */
  readonly listed: boolean;
}

const next = 0;
const first = 1;
/** The second name's number above, what the pair is worth in the lowest bits. */
const second = 2;
const nextOfFirst = 3;
const valueBits = 4;
const valueMask = (1 << valueBits) - 1;

/** Pairs of names, each with a number from 0 to 15: who holds what on which project or in which team. */
export class Pairs {
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #byPair: Chains;
  readonly #byFirst: Chains | undefined;

  constructor({ names, chunkRows, listed }: PairsOptions) {
    this.#names = names;
    const rows = new WordRows(listed ? 4 : 3, chunkRows);
    const hashOf = (row: number) => hashPair(this.firstOf(row), this.secondOf(row));
    const byFirst = (row: number) => hashPair(this.firstOf(row), 0);
    this.#rows = rows;
    this.#byPair = new Chains({ rows, next, hashOf, rowsPerBucket: 1, chunkRows });
    this.#byFirst = listed
      ? new Chains({ rows, next: nextOfFirst, hashOf: byFirst, rowsPerBucket: 1, chunkRows })
      : undefined;
  }

  get count(): number {
    return this.#byPair.count;
  }

  /** The pair's row; 0: there is none. */
  find(one: Ref, other: Ref): number {
    let row = this.#byPair.first(hashPair(one, other));
    while (row !== 0 && (this.firstOf(row) !== one || this.secondOf(row) !== other)) {
      row = this.#byPair.next(row);
    }
    return row;
  }

  firstOf(row: number): Ref {
    return this.#rows.get(row, first);
  }

  secondOf(row: number): Ref {
    return this.#rows.get(row, second) >>> valueBits;
  }

  valueOf(row: number): number {
    return this.#rows.get(row, second) & valueMask;
  }

  /** Adds the pair, which is not there yet, and holds its names. */
  add(one: string, other: string, value: number): void {
    const row = this.#rows.add();
    this.#rows.set(row, first, this.#names.hold(one));
    this.#rows.set(row, second, (this.#names.hold(other) << valueBits) | value);
    this.#byPair.link(row, hashPair(this.firstOf(row), this.secondOf(row)));
    this.#byFirst?.link(row, hashPair(this.firstOf(row), 0));
  }

  setValue(row: number, value: number): void {
    this.#rows.set(row, second, (this.secondOf(row) << valueBits) | value);
  }

  remove(row: number): void {
    const one = this.firstOf(row);
    const other = this.secondOf(row);
    this.#byPair.unlink(row, hashPair(one, other));
    this.#byFirst?.unlink(row, hashPair(one, 0));
    this.#rows.remove(row);
    this.#names.release(one);
    this.#names.release(other);
  }

  /** First row that may be of a first name, where pairs are listed; 0: none. */
  firstListed(one: Ref): number {
    return this.#byFirst?.first(hashPair(one, 0)) ?? 0;
  }

  nextListed(row: number): number {
    return this.#byFirst?.next(row) ?? 0;
  }

  all(): Iterable<number> {
    return this.#byPair.all();
  }
}

function hashPair(one: Ref, other: Ref): number {
  const mixed = Math.imul(Math.imul(one, 0x9e3779b1) ^ other, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
