import type { PackedRows } from '../changes/packed-rows.ts';
import { RowTable } from './columns/row-table.ts';
import type { WordRows } from './columns/word-rows.ts';
import { digestWords, readBinaryDigest, readHexBytes, readHexDigest, toHexDigest } from './digest-words.ts';

export interface DigestTableOptions {
  readonly rows: WordRows;
  /** The first of the words that hold its digest. */
  readonly digest: number;
  readonly chunkRows: number;
}

/** Finds rows by the SHA-256 of a key. One row at most is found under a digest: the last that took it. */
export class DigestTable {
  readonly #rows: WordRows;
  readonly #digest: number;
  readonly #table: RowTable;
  /** The digest that is looked for. */
  readonly #wanted = new Int32Array(digestWords);

  constructor({ rows, digest, chunkRows }: DigestTableOptions) {
    this.#rows = rows;
    this.#digest = digest;
    // What a digest begins with is as good as any hash of it.
    const hashOf = (row: number) => rows.get(row, digest);
    this.#table = new RowTable({ hashOf, isAsked: true, chunkRows });
  }

  /** The row under a digest in its binary form; 0: there is none. */
  find(digest: string): number {
    readBinaryDigest(digest, this.#wanted);
    return this.#find();
  }

  /** Gives the row its digest, in hex, under which it is found from now on in place of whatever was. */
  take(row: number, digest: string): void {
    readHexDigest(digest, this.#wanted);
    this.takeWanted(row);
  }

  /** Reads a field in hex for `takeWanted`; false: it is no digest. */
  want({ bytes, starts, ends }: PackedRows, field: number): boolean {
    return readHexBytes(bytes, starts[field] as number, ends[field] as number, this.#wanted);
  }

  /** `take` of the digest that was wanted last. */
  takeWanted(row: number): void {
    const other = this.#find();
    if (other !== 0) {
      this.leave(other);
    }
    for (let word = 0; word < digestWords; word += 1) {
      this.#rows.set(row, this.#digest + word, this.#wanted[word] as number);
    }
    this.#table.link(row, this.#wanted[0] as number);
  }

  /** Makes place for that many rows, while there is none. */
  expect(count: number): void {
    this.#table.expect(count);
  }

  /** The row is not found any more; does nothing where another one has taken its digest over. */
  leave(row: number): void {
    this.#table.unlink(row, this.#rows.get(row, this.#digest));
  }

  /** The row's digest in hex. */
  read(row: number): string {
    return toHexDigest(word => this.#rows.get(row, this.#digest + word));
  }

  #find(): number {
    let row = this.#table.first(this.#wanted[0] as number);
    while (row !== 0 && !this.#holdsWanted(row)) {
      row = this.#table.next();
    }
    return row;
  }

  #holdsWanted(row: number): boolean {
    for (let word = 0; word < digestWords; word += 1) {
      if (this.#rows.get(row, this.#digest + word) !== this.#wanted[word]) {
        return false;
      }
    }
    return true;
  }
}
