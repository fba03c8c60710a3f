import type { Kind, Put } from './change-set.ts';
import { fieldEnd, rowEnd, unpackRow } from './packed-row.ts';
import { fieldNames } from './parse-change.ts';
import { RowHasher, rowCheckOf } from './row-hash.ts';

/** Many rows of a kind as bytes: each is its check, in decimal, and its packed form, with `rowEnd` between rows. */
export interface PackedPage {
  readonly kind: Kind;
  readonly bytes: Buffer;
}

const fieldsMax = 8;

/** Goes through the rows of a page without making an object of any. */
export class PackedRows {
  readonly kind: Kind;
  readonly bytes: Buffer;
  /** Where each field of the row begins and ends. */
  readonly starts = new Int32Array(fieldsMax);
  readonly ends = new Int32Array(fieldsMax);
  /** Hash of the row. */
  readonly hash: RowHasher;
  /** Whether the row has each field once and nothing else, and each character in one byte. */
  isUsual = false;
  hasAllFields = false;
  /** Where the row begins, with its check, and where it ends. */
  begin = 0;
  end = -1;
  /** What stands as its check; NaN or -1: no number. */
  check = -1;
  readonly #fields: number;
  #start = 0;

  constructor({ kind, bytes }: PackedPage) {
    this.kind = kind;
    this.bytes = bytes;
    this.hash = new RowHasher(kind, bytes);
    this.#fields = fieldNames[kind].length;
  }

  /** Whether there is no further row. */
  get isAtEnd(): boolean {
    return this.end >= this.bytes.length || this.bytes.length === 0;
  }

  /** Goes to the next row; false: there is none. */
  next(): boolean {
    const { bytes, starts, ends } = this;
    if (this.isAtEnd) {
      return false;
    }
    this.begin = this.end + 1;
    let at = this.#readCheck(this.begin);
    this.#start = at;
    let field = 0;
    let all = 0;
    starts[0] = at;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at] as number;
      all |= byte;
      if (byte === fieldEnd) {
        ends[field & (fieldsMax - 1)] = at;
        field += 1;
        starts[field & (fieldsMax - 1)] = at + 1;
      } else if (byte === rowEnd) {
        break;
      }
    }
    ends[field & (fieldsMax - 1)] = at;
    this.end = at;
    this.hasAllFields = field + 1 === this.#fields;
    this.isUsual = this.hasAllFields && all < 0x80;
    this.hash.read(this.#start, at);
    return true;
  }

  /** Whether the row is as it was written. */
  get isWhole(): boolean {
    return this.check === rowCheckOf(this.hash);
  }

  /** The packed form as a text. */
  text(): string {
    return this.bytes.toString('utf8', this.#start, this.end);
  }

  /** The row as plain data; undefined where it is not whole. */
  toPut(): Put | undefined {
    return this.isWhole ? unpackRow(this.kind, this.text()) : undefined;
  }

  /** Where the row goes on after its check. */
  #readCheck(start: number): number {
    const { bytes } = this;
    let at = start;
    let check = 0;
    for (; at < bytes.length && bytes[at] !== fieldEnd && bytes[at] !== rowEnd; at += 1) {
      const digit = (bytes[at] as number) - 0x30;
      check = digit >= 0 && digit <= 9 ? check * 10 + digit : Number.NaN;
    }
    this.check = at === start ? -1 : check;
    return bytes[at] === fieldEnd ? at + 1 : at;
  }
}
