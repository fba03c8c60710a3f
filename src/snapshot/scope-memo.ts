import type { PackedRows } from '../changes/packed-rows.ts';

/** A site has few scopes, or each key its own: then there is no use in keeping more. */
const places = 64;
/** Longer lists are parsed each time. */
const bytesMax = 100;

/** Which scope the lists of packed rows were that were met lately, by their bytes: most keys share theirs. */
export class ScopeMemo {
  readonly #scopes = new Int32Array(places);
  readonly #texts = Buffer.alloc(places * bytesMax);
  readonly #lengths = new Int32Array(places);
  /** The bytes that are looked for. */
  readonly #wanted = Buffer.alloc(bytesMax);
  #length = 0;
  #place = 0;

  /** The scope of two fields; 0: it is not known. */
  find(row: PackedRows, one: number, other: number): number {
    const length = this.#take(row, other, this.#take(row, one, 0));
    this.#length = length;
    if (length > bytesMax) {
      return 0;
    }
    let hash = length;
    for (let at = 0; at < length; at += 1) {
      hash = (Math.imul(hash, 31) + (this.#wanted[at] as number)) | 0;
    }
    this.#place = (hash ^ (hash >>> 6)) & (places - 1);
    return this.#isWanted() ? (this.#scopes[this.#place] as number) : 0;
  }

  /** Keeps the scope of what was looked for last. */
  keep(scope: number): void {
    if (this.#length <= bytesMax) {
      this.#wanted.copy(this.#texts, this.#place * bytesMax, 0, this.#length);
      this.#lengths[this.#place] = this.#length;
      this.#scopes[this.#place] = scope;
    }
  }

  clear(): void {
    this.#scopes.fill(0);
    this.#lengths.fill(0);
  }

  /** Adds a field and its end to what is looked for; answers where that ends, past the most where it is too long. */
  #take({ bytes, starts, ends }: PackedRows, field: number, length: number): number {
    let end = length;
    for (let at = starts[field] as number; at < (ends[field] as number) && end < bytesMax; at += 1) {
      this.#wanted[end++] = bytes[at] as number;
    }
    if (end >= bytesMax) {
      return bytesMax + 1;
    }
    this.#wanted[end] = 0;
    return end + 1;
  }

  #isWanted(): boolean {
    const start = this.#place * bytesMax;
    let at = 0;
    while (at < this.#length && this.#texts[start + at] === this.#wanted[at]) {
      at += 1;
    }
    return at === this.#length && at === this.#lengths[this.#place];
  }
}
