import type { PackedRows } from '../changes/packed-rows.ts';
import { SplitBuckets } from './columns/split-buckets.ts';
import type { Names, Ref } from './names.ts';
import { isText } from './packed-fields.ts';

export interface PairsOptions {
  readonly names: Names;
  readonly chunkRows: number;
  /** Whether the pairs of a first name can be listed too, for as much memory again. */
  readonly listed: boolean;
}

/** A slot is the first name's number, then the second's above and what the pair is worth in the lowest bits. */
const valueBits = 4;
const valueMask = (1 << valueBits) - 1;
const slots = { bucketWords: 32, slotWords: 2, slotsTaken: 12 } as const;

/** Numbers of names stay below this, so that two of them make one number. */
const refRange = 2 ** 26;

/** Pairs of names, each with a number from 0 to 15: who holds what on which project or in which team. */
export class Pairs {
  readonly #names: Names;
  readonly #byPair: SplitBuckets;
  readonly #byFirst: SplitBuckets | undefined;

  constructor({ names, chunkRows, listed }: PairsOptions) {
    this.#names = names;
    const hashOf = (one: number, rest: number) => hashPair(one, rest >>> valueBits);
    this.#byPair = new SplitBuckets({ ...slots, hashOf, chunkRows });
    this.#byFirst = listed ? new SplitBuckets({ ...slots, hashOf: one => hashPair(one, 0), chunkRows }) : undefined;
  }

  get count(): number {
    return this.#byPair.count;
  }

  /** What the pair is worth; -1: it is not there. */
  value(one: Ref, other: Ref): number {
    return this.#seek(this.#byPair, hashPair(one, other), one, other)
      ? (this.#byPair.words[this.#byPair.at + 1] as number) & valueMask
      : -1;
  }

  /** One number for the pair; 0: it is not there. */
  find(one: Ref, other: Ref): number {
    return this.value(one, other) < 0 ? 0 : one * refRange + other;
  }

  firstOf(pair: number): Ref {
    return Math.floor(pair / refRange);
  }

  secondOf(pair: number): Ref {
    return pair % refRange;
  }

  valueOf(pair: number): number {
    return this.value(this.firstOf(pair), this.secondOf(pair));
  }

  /** Adds the pair, which is not there yet, and holds its names. */
  add(one: string, other: string, value: number): void {
    const first = this.#names.hold(one);
    this.#add(first, this.#names.hold(other), value);
  }

  /** Adds the pair of a row's first two fields where it is not there yet; else answers false. */
  fill(row: PackedRows, value: number): boolean {
    if (value < 0 || !isText(row, 0) || !isText(row, 1)) {
      return false;
    }
    const first = this.#names.holdField(row, 0);
    const second = this.#names.holdField(row, 1);
    if (this.value(first, second) >= 0) {
      this.#names.release(first);
      this.#names.release(second);
      return false;
    }
    this.#add(first, second, value);
    return true;
  }

  /** Makes place for that many pairs, while there is none. */
  expect(count: number): void {
    this.#byPair.expect(count);
    this.#byFirst?.expect(count);
  }

  /** Removes a pair that is there. */
  remove(pair: number): void {
    const one = this.firstOf(pair);
    const other = this.secondOf(pair);
    this.#removeFrom(this.#byPair, hashPair(one, other), one, other);
    if (this.#byFirst) {
      this.#removeFrom(this.#byFirst, hashPair(one, 0), one, other);
    }
    this.#names.release(one);
    this.#names.release(other);
  }

  /** Calls for each pair of a first name, where pairs are listed; nothing may change meanwhile. */
  list(one: Ref, call: (other: Ref, value: number) => void): void {
    const found = this.#byFirst;
    found?.seek(hashPair(one, 0));
    do {
      for (; found && found.at < found.end && found.words[found.at] !== 0; found.at += 2) {
        if (found.words[found.at] === one) {
          const rest = found.words[found.at + 1] as number;
          call(rest >>> valueBits, rest & valueMask);
        }
      }
    } while (found?.follow());
  }

  /** The number of every pair, in no order. */
  *all(): Iterable<number> {
    for (const [one, rest] of this.#byPair.all()) {
      yield one * refRange + (rest >>> valueBits);
    }
  }

  #add(first: Ref, second: Ref, value: number): void {
    const rest = (second << valueBits) | value;
    this.#byPair.add(hashPair(first, second), first, rest);
    this.#byFirst?.add(hashPair(first, 0), first, rest);
  }

  #removeFrom(table: SplitBuckets, hash: number, one: Ref, other: Ref): void {
    if (this.#seek(table, hash, one, other)) {
      table.remove(hash, table.words, table.at);
    }
  }

  /** Whether the pair is there, with the table at its slot. */
  #seek(table: SplitBuckets, hash: number, one: Ref, other: Ref): boolean {
    table.seek(hash);
    do {
      const { words, end } = table;
      for (let { at } = table; at < end && words[at] !== 0; at += 2) {
        if (words[at] === one && (words[at + 1] as number) >>> valueBits === other) {
          table.at = at;
          return true;
        }
      }
    } while (table.follow());
    return false;
  }
}

function hashPair(one: Ref, other: Ref): number {
  const mixed = Math.imul(Math.imul(one, 0x9e3779b1) ^ other, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
