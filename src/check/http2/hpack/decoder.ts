import { headerBombFactor } from '../limits/limits.ts';
import { fieldSize, HeaderTable } from './header-table.ts';
import { decodeHuffman } from './huffman.ts';
import type { Field } from './static-table.ts';

/** More bits than any length or index of ours has; a longer integer is an attack (RFC 7541, 5.1). */
const integerMax = 2 ** 24;
const nothing = Buffer.alloc(0);

/** What became of a header block: its fields, or why there are none. After `broken` and `bomb` the connection can't go on (RFC 7541, 4.3). */
export type Decoded = readonly Field[] | 'broken' | 'bomb' | 'too_large';

/**
 * Decodes the header blocks of one connection, in their order (RFC 7541). The list of a block is held to `listBytesMax`,
 * counted as SETTINGS_MAX_HEADER_LIST_SIZE counts; a longer one is read to its end, so that the table stays right, but
 * for one that is longer beyond all measure.
 */
export class HpackDecoder {
  readonly #table: HeaderTable;
  readonly #tableBytesMax: number;
  readonly #listBytesMax: number;
  #bytes: Buffer = nothing;
  #at = 0;
  #end = 0;
  #broken = false;

  constructor(tableBytesMax: number, listBytesMax: number) {
    this.#table = new HeaderTable(tableBytesMax);
    this.#tableBytesMax = tableBytesMax;
    this.#listBytesMax = listBytesMax;
  }

  /** Another number after each change of the table. */
  get generation(): number {
    return this.#table.generation;
  }

  decode(bytes: Buffer, start: number, end: number): Decoded {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#broken = false;
    const fields: Field[] = [];
    let size = 0;
    while (this.#at < end && !this.#broken) {
      const field = this.#next(fields.length === 0 && size === 0);
      if (field !== undefined) {
        size += fieldSize(field);
        if (size <= this.#listBytesMax) {
          fields.push(field);
        } else if (size > headerBombFactor * this.#listBytesMax) {
          return 'bomb';
        }
      }
    }
    this.#bytes = nothing;
    return this.#broken ? 'broken' : size > this.#listBytesMax ? 'too_large' : fields;
  }

  /** One representation (RFC 7541, 6); undefined for a change of the table's size, which only stands before all fields. */
  #next(atStart: boolean): Field | undefined {
    const first = this.#bytes[this.#at] as number;
    if (first >= 0x80) {
      return this.#table.at(this.#integer(7)) ?? this.#fail();
    }
    if (first >= 0x40) {
      const field = this.#literal(6);
      if (field !== undefined) {
        this.#table.add(field);
      }
      return field;
    }
    if (first >= 0x20) {
      const size = this.#integer(5);
      if (!atStart || size > this.#tableBytesMax) {
        return this.#fail();
      }
      this.#table.resize(size);
      return undefined;
    }
    return this.#literal(4);
  }

  #literal(prefixBits: number): Field | undefined {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#text() : this.#table.at(index)?.name;
    const value = this.#text();
    return name === undefined || value === undefined ? this.#fail() : { name, value };
  }

  /** RFC 7541, 5.2. */
  #text(): string | undefined {
    const isHuffman = ((this.#bytes[this.#at] as number) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const stop = start + length;
    if (this.#broken || stop > this.#end) {
      return this.#fail();
    }
    this.#at = stop;
    if (isHuffman) {
      return decodeHuffman(this.#bytes, start, stop);
    }
    return this.#bytes.toString('latin1', start, stop);
  }

  /** RFC 7541, 5.1. */
  #integer(prefixBits: number): number {
    if (this.#at >= this.#end) {
      this.#fail();
      return 0;
    }
    const prefixMax = 2 ** prefixBits - 1;
    let value = (this.#bytes[this.#at] as number) & prefixMax;
    this.#at += 1;
    if (value < prefixMax) {
      return value;
    }
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#at < this.#end ? (this.#bytes[this.#at] as number) : undefined;
      this.#at += 1;
      value += ((byte ?? 0) & 0x7f) * unit;
      if (byte === undefined || value > integerMax) {
        this.#fail();
        return 0;
      }
      if (byte < 0x80) {
        return value;
      }
      if (unit > integerMax) {
        this.#fail();
        return 0;
      }
    }
  }

  #fail(): undefined {
    this.#broken = true;
    return undefined;
  }
}
