import { SplitBuckets } from './split-buckets.ts';

export interface RowTableOptions {
  readonly hashOf: (row: number) => number;
  /** Whether checks ask the table: then it takes a little more memory, and less time. */
  readonly isAsked: boolean;
  readonly chunkRows: number;
}

/** A slot is a row's number below and, above it, bits of its hash that the bucket does not tell: few other rows are looked at. */
const rowBits = 25;
const rowMask = (1 << rowBits) - 1;

/** Finds rows by a hash: more than 33 million of them are refused with a RangeError. */
export class RowTable {
  readonly #buckets: SplitBuckets;
  #tag = 0;

  constructor({ hashOf, isAsked, chunkRows }: RowTableOptions) {
    const size = isAsked ? { bucketWords: 16, slotsTaken: 12 } : { bucketWords: 32, slotsTaken: 28 };
    this.#buckets = new SplitBuckets({ ...size, slotWords: 1, hashOf: slot => hashOf(slot & rowMask), chunkRows });
  }

  get count(): number {
    return this.#buckets.count;
  }

  /** Makes place for that many rows, while there is none. */
  expect(count: number): void {
    this.#buckets.expect(count);
  }

  /** First row of those that may have the hash; 0: none. */
  first(hash: number): number {
    this.#tag = hash >>> rowBits;
    this.#buckets.seek(hash);
    return this.next();
  }

  /** The row after the one that was answered last; 0: none. */
  next(): number {
    const buckets = this.#buckets;
    const tag = this.#tag;
    do {
      const { words, end } = buckets;
      for (let { at } = buckets; at < end; at += 1) {
        const slot = words[at] as number;
        if (slot === 0) {
          return 0;
        }
        if (slot >>> rowBits === tag) {
          buckets.at = at + 1;
          return slot & rowMask;
        }
      }
    } while (buckets.follow());
    return 0;
  }

  link(row: number, hash: number): void {
    if (row > rowMask) {
      throw new RangeError(`the index has no place for more than ${rowMask} rows of a kind`);
    }
    this.#buckets.add(hash, ((hash >>> rowBits) << rowBits) | row, 0);
  }

  /** Does nothing for a row that is not linked. */
  unlink(row: number, hash: number): void {
    let found = this.first(hash);
    while (found !== 0 && found !== row) {
      found = this.next();
    }
    if (found !== 0) {
      this.#buckets.remove(hash, this.#buckets.words, this.#buckets.at - 1);
    }
  }

  /** Every linked row, in no order. Nothing may be linked or unlinked meanwhile. */
  *all(): Iterable<number> {
    for (const [slot] of this.#buckets.all()) {
      yield slot & rowMask;
    }
  }
}
