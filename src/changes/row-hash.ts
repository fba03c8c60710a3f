import type { Kind, Put } from './change-set.ts';
import { packRow } from './packed-row.ts';
import { fieldNames } from './parse-change.ts';

/** 64 bits in two halves, each a 32-bit integer with a sign. */
export interface RowHash {
  readonly low: number;
  readonly high: number;
}

/** Odd, with bits well spread: of the golden ratio, and of a generator that is known to mix well. */
const lowFactor = 0x9e3779b1;
const highFactor = 0x5f356495;

/** Rows are hardly ever longer; made anew for each, their bytes would take longer than all else. */
const scratch = Buffer.alloc(8192);
const bytesPerUnitMax = 3;

/**
 * A hash of a row's kind and of every field that a check may read, whatever else the row has: of its packed form
 * in bytes. It finds damage and tells contents apart; it keeps out nobody who wants two rows to look alike.
 */
export function rowHash(put: Put): RowHash {
  const packed = packRow(put);
  const isShort = packed.length * bytesPerUnitMax <= scratch.length;
  const bytes = isShort ? scratch : Buffer.from(packed);
  const hasher = new RowHasher(put.kind, bytes);
  hasher.read(0, isShort ? scratch.write(packed) : bytes.length);
  return hasher;
}

/** 52 bits of a hash: as many as every database and JavaScript hold in a whole number. */
export function rowCheckOf({ low, high }: RowHash): number {
  return (high & 0xfffff) * 2 ** 32 + (low >>> 0);
}

/** Hashes packed rows of one kind where they lie. */
export class RowHasher implements RowHash {
  low = 0;
  high = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #seed: RowHash;

  constructor(kind: Kind, bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#seed = seeds[kind];
  }

  /**
   * Hashes what lies there, four bytes at a time. Each step can be undone, so that two rows which differ in one
   * place only never meet again.
   */
  read(start: number, end: number): void {
    let low = this.#seed.low ^ (end - start);
    let high = this.#seed.high ^ (end - start);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = this.#view.getInt32(at, true);
      low = Math.imul(low ^ word, lowFactor);
      high = Math.imul(high ^ word, highFactor);
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    let rest = 0;
    for (let shift = 0; at < end; at += 1, shift += 8) {
      rest |= (this.#bytes[at] as number) << shift;
    }
    this.low = settle(Math.imul(low ^ rest, lowFactor));
    this.high = settle(Math.imul(high ^ rest, highFactor));
  }
}

/** Rows of two kinds with the same fields are not the same. */
const seeds = Object.fromEntries(
  Object.keys(fieldNames).map((kind, at) => [kind, { low: settle(at + 1), high: settle(-at - 1) }]),
) as Record<Kind, RowHash>;

/** Lets every bit depend on every other one, so that sums of hashes are as good as the hashes. */
function settle(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
