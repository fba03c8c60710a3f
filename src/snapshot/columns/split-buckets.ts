import { WordRows } from './word-rows.ts';

export interface SplitBucketsOptions {
  /** Words of a bucket: its slots, and a last one that says which bucket takes what does not fit. */
  readonly bucketWords: number;
  readonly slotWords: 1 | 2;
  /** Slots that are taken in a bucket on average: with few, fewer overflow; with many, less memory is empty. */
  readonly slotsTaken: number;
  readonly hashOf: (first: number, second: number) => number;
  readonly chunkRows: number;
}

const firstBuckets = 4;

/**
 * A hash table of slots of one or two words, in buckets of a cache line or two, so that a lookup fetches
 * little from far memory. It grows by linear hashing (Litwin, 1980): what is added splits at most one
 * bucket in two, so that no change waits for a whole table to be made anew, and a lookup asks one table
 * only. A slot's first word is never 0; slots that are taken stand first, so the first empty one is the end.
 */
export class SplitBuckets {
  readonly #options: SplitBucketsOptions;
  readonly #slotWords: number;
  readonly #usedWords: number;
  readonly #linkWord: number;
  /** Buckets by the hash; they are never removed. */
  readonly #main: WordRows;
  /** Buckets that take what does not fit into another one. */
  readonly #spill: WordRows;
  #buckets = 0;
  /** Buckets at the start of this round, a power of two, and how many of them are split already. */
  #roundBuckets = firstBuckets;
  #splits = 0;
  #count = 0;

  /** The slots at hand after `seek`: from `at` to `end` in `words`. */
  words: Int32Array = new Int32Array(0);
  at = 0;
  end = 0;

  constructor(options: SplitBucketsOptions) {
    const { bucketWords, slotWords, chunkRows } = options;
    this.#options = options;
    this.#slotWords = slotWords;
    this.#linkWord = bucketWords - 1;
    this.#usedWords = this.#linkWord - (this.#linkWord % slotWords);
    // As many words in a chunk as rows of four would have.
    const bucketsPerChunk = Math.max(1, (4 * chunkRows) / bucketWords);
    this.#main = new WordRows(bucketWords, bucketsPerChunk);
    this.#spill = new WordRows(bucketWords, bucketsPerChunk);
    while (this.#buckets < firstBuckets) {
      this.#buckets = this.#main.add();
    }
  }

  /** Slots that are taken. */
  get count(): number {
    return this.#count;
  }

  /** Begins with as many buckets as that many slots will have split into; does nothing once there are some. */
  expect(count: number): void {
    const wanted = Math.ceil(count / this.#options.slotsTaken);
    if (this.#count > 0 || wanted <= this.#buckets) {
      return;
    }
    this.#main.addUpTo(wanted);
    this.#buckets = wanted;
    this.#roundBuckets = 2 ** Math.floor(Math.log2(wanted));
    this.#splits = wanted - this.#roundBuckets;
  }

  /** Goes to the slots that may have a hash. */
  seek(hash: number): void {
    this.#open(this.#main, this.#bucketOf(hash));
  }

  /** Goes on to more of them; false: there are no more. */
  follow(): boolean {
    const link = this.#link();
    if (link === 0) {
      return false;
    }
    this.#open(this.#spill, link);
    return true;
  }

  add(hash: number, first: number, second: number): void {
    this.#addTo(this.#bucketOf(hash), first, second);
    this.#count += 1;
    if (this.#count > this.#buckets * this.#options.slotsTaken) {
      this.#splitOne();
    }
  }

  /** Empties the slot of a hash that stands at `at` in `words`: the last slot after it takes its place. */
  remove(hash: number, words: Int32Array, at: number): void {
    this.seek(hash);
    let before = this.words;
    let beforeLink = 0;
    while (this.#link() !== 0) {
      before = this.words;
      beforeLink = this.at + this.#linkWord;
      this.follow();
    }
    const start = this.at;
    let last = start;
    while (last + this.#slotWords < this.end && this.words[last + this.#slotWords] !== 0) {
      last += this.#slotWords;
    }
    for (let word = 0; word < this.#slotWords; word += 1) {
      words[at + word] = this.words[last + word] as number;
      this.words[last + word] = 0;
    }
    if (last === start && beforeLink !== 0) {
      this.#spill.remove(before[beforeLink] as number);
      before[beforeLink] = 0;
    }
    this.#count -= 1;
  }

  /** Every slot that is taken, in no order. Nothing may be added or removed meanwhile. */
  *all(): Iterable<readonly [number, number]> {
    for (let bucket = 1; bucket <= this.#buckets; bucket += 1) {
      yield* this.#slotsOf(bucket);
    }
  }

  #bucketOf(hash: number): number {
    const bucket = hash & (this.#roundBuckets - 1);
    // Rows count from 1.
    return 1 + (bucket < this.#splits ? hash & (2 * this.#roundBuckets - 1) : bucket);
  }

  #open(buckets: WordRows, bucket: number): void {
    this.words = buckets.chunkOf(bucket);
    this.at = buckets.startOf(bucket);
    this.end = this.at + this.#usedWords;
  }

  #link(): number {
    return this.words[this.end - this.#usedWords + this.#linkWord] as number;
  }

  #addTo(bucket: number, first: number, second: number): void {
    this.#open(this.#main, bucket);
    for (;;) {
      while (this.at < this.end && this.words[this.at] !== 0) {
        this.at += this.#slotWords;
      }
      if (this.at < this.end) {
        break;
      }
      if (this.#link() === 0) {
        this.words[this.end - this.#usedWords + this.#linkWord] = this.#spill.add();
      }
      this.follow();
    }
    this.words[this.at] = first;
    if (this.#slotWords === 2) {
      this.words[this.at + 1] = second;
    }
  }

  #slotsOf(bucket: number): readonly (readonly [number, number])[] {
    const slots: [number, number][] = [];
    this.#open(this.#main, bucket);
    do {
      for (; this.at < this.end && this.words[this.at] !== 0; this.at += this.#slotWords) {
        slots.push([this.words[this.at] as number, this.words[this.at + 1] as number]);
      }
    } while (this.follow());
    return slots;
  }

  #splitOne(): void {
    const old = 1 + this.#splits;
    const slots = this.#slotsOf(old);
    this.#empty(old);
    this.#buckets = this.#main.add();
    for (const [first, second] of slots) {
      const moves = this.#options.hashOf(first, second) & this.#roundBuckets;
      this.#addTo(moves ? this.#buckets : old, first, second);
    }
    this.#splits += 1;
    if (this.#splits === this.#roundBuckets) {
      this.#roundBuckets *= 2;
      this.#splits = 0;
    }
  }

  #empty(bucket: number): void {
    this.#open(this.#main, bucket);
    const { words, end } = this;
    const start = end - this.#usedWords;
    let link = this.#link();
    words.fill(0, start, start + this.#linkWord + 1);
    while (link !== 0) {
      const after = this.#spill.get(link, this.#linkWord);
      this.#spill.remove(link);
      link = after;
    }
  }
}
