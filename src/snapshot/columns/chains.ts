import { WordRows } from './word-rows.ts';

export interface ChainsOptions {
  readonly rows: WordRows;
  /** The word of each row that says which row comes after it in its bucket. */
  readonly next: number;
  readonly hashOf: (row: number) => number;
  /** Rows in a bucket on average: few are found sooner, many take less memory. */
  readonly rowsPerBucket: number;
  readonly chunkRows: number;
}

const firstBuckets = 8;

/**
 * Finds rows by a hash. It grows by linear hashing (Litwin, 1980): a row that is added splits at most one
 * bucket in two, so that no change ever waits for a whole table to be made anew, and a lookup asks one
 * table only. Rows are linked through a word of their own, so one that goes leaves nothing behind.
 */
export class Chains {
  readonly #options: ChainsOptions;
  readonly #rows: WordRows;
  readonly #next: number;
  /** One word a bucket: its first row. Buckets are never removed. */
  readonly #heads: WordRows;
  #buckets = 0;
  /** Buckets at the start of this round, a power of two, and how many of them are split already. */
  #roundBuckets = firstBuckets;
  #split = 0;
  #count = 0;

  constructor(options: ChainsOptions) {
    this.#options = options;
    this.#rows = options.rows;
    this.#next = options.next;
    this.#heads = new WordRows(1, options.chunkRows);
    while (this.#buckets < firstBuckets) {
      this.#addBucket();
    }
  }

  get count(): number {
    return this.#count;
  }

  /** First row of those that may have the hash; 0: none. */
  first(hash: number): number {
    return this.#heads.get(this.#bucketOf(hash), 0);
  }

  /** The row after one of those; 0: none. */
  next(row: number): number {
    return this.#rows.get(row, this.#next);
  }

  link(row: number, hash: number): void {
    const bucket = this.#bucketOf(hash);
    this.#rows.set(row, this.#next, this.#heads.get(bucket, 0));
    this.#heads.set(bucket, 0, row);
    this.#count += 1;
    if (this.#count > this.#buckets * this.#options.rowsPerBucket) {
      this.#splitOne();
    }
  }

  /** Does nothing for a row that is not linked. */
  unlink(row: number, hash: number): void {
    const bucket = this.#bucketOf(hash);
    let before = 0;
    let at = this.#heads.get(bucket, 0);
    while (at !== 0 && at !== row) {
      before = at;
      at = this.next(at);
    }
    if (at === 0) {
      return;
    }
    const after = this.next(row);
    if (before === 0) {
      this.#heads.set(bucket, 0, after);
    } else {
      this.#rows.set(before, this.#next, after);
    }
    this.#rows.set(row, this.#next, 0);
    this.#count -= 1;
  }

  /** Every linked row, in no order. Nothing may be linked or unlinked meanwhile. */
  *all(): Iterable<number> {
    for (let bucket = 1; bucket <= this.#buckets; bucket += 1) {
      for (let row = this.#heads.get(bucket, 0); row !== 0; row = this.next(row)) {
        yield row;
      }
    }
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (this.#roundBuckets - 1);
    // Rows of a head column count from 1.
    return 1 + (bucket < this.#split ? hash & (2 * this.#roundBuckets - 1) : bucket);
  }

  #addBucket(): void {
    this.#buckets = this.#heads.add();
  }

  #splitOne(): void {
    const old = 1 + this.#split;
    let row = this.#heads.get(old, 0);
    this.#addBucket();
    this.#heads.set(old, 0, 0);
    while (row !== 0) {
      const after = this.next(row);
      const bucket = this.#options.hashOf(row) & this.#roundBuckets ? this.#buckets : old;
      this.#rows.set(row, this.#next, this.#heads.get(bucket, 0));
      this.#heads.set(bucket, 0, row);
      row = after;
    }
    this.#split += 1;
    if (this.#split === this.#roundBuckets) {
      this.#roundBuckets *= 2;
      this.#split = 0;
    }
  }
}
