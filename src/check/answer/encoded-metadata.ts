import { delimitedSize, field, putBytes, putVarint } from '../wire/put-bytes.ts';
import type { TextWriter } from '../wire/text-writer.ts';

/** Struct.fields, a map from names to Values. */
const FIELDS = 0x0a;
const KEY = 0x0a;
const VALUE = 0x12;
/** Value.number_value, a double; string_value; struct_value. */
const NUMBER_VALUE = 0x11;
const STRING_VALUE = 0x1a;
const STRUCT_VALUE = 0x2a;

/** An entry whose text is known beforehand. */
export function encodeEntry(name: string, text: string): Buffer {
  return field(FIELDS, field(KEY, name), field(VALUE, field(STRING_VALUE, text)));
}

/** An entry of a Struct: a name that is known, with a text of one byte a character. */
export class EncodedEntry {
  readonly #key: Buffer;

  constructor(name: string) {
    this.#key = field(KEY, name);
  }

  /** Number of bytes that it takes with a text of so many. */
  size(textLength: number): number {
    return 1 + delimitedSize(this.#entrySize(1 + delimitedSize(textLength)));
  }

  /** Answers the place behind it. */
  put(buffer: Buffer, at: number, text: string, texts: TextWriter): number {
    const valueSize = 1 + delimitedSize(text.length);
    let next = at;
    buffer[next] = FIELDS;
    next = putVarint(buffer, next + 1, this.#entrySize(valueSize));
    next = putBytes(buffer, next, this.#key);
    buffer[next] = VALUE;
    next = putVarint(buffer, next + 1, valueSize);
    buffer[next] = STRING_VALUE;
    next = putVarint(buffer, next + 1, text.length);
    return texts.put(buffer, next, text);
  }

  #entrySize(valueSize: number): number {
    return this.#key.length + 1 + delimitedSize(valueSize);
  }
}

/** An entry that holds a number; made anew only when the number changes. */
export class NumberEntry {
  readonly #bytes: Buffer;
  #number = 0;

  constructor(name: string) {
    this.#bytes = field(FIELDS, field(KEY, name), field(VALUE, Buffer.from([NUMBER_VALUE, 0, 0, 0, 0, 0, 0, 0, 0])));
  }

  /** Number of bytes that it takes, whatever the number. */
  get size(): number {
    return this.#bytes.length;
  }

  encode(number: number): Buffer {
    if (!Object.is(number, this.#number)) {
      this.#number = number;
      this.#bytes.writeDoubleLE(number, this.#bytes.length - 8);
    }
    return this.#bytes;
  }
}

/** A Struct with one entry, which holds a Struct of so many bytes: what stands before those bytes. */
export class NestedStruct {
  readonly #tag: number;
  readonly #key: Buffer;

  /** The tag is that of the field that holds it all, and takes one byte. */
  constructor(tag: number, name: string) {
    this.#tag = tag;
    this.#key = field(KEY, name);
  }

  /** Number of bytes of it all, with so many in the inner Struct. */
  size(innerSize: number): number {
    return 1 + delimitedSize(1 + delimitedSize(this.#entrySize(1 + delimitedSize(innerSize))));
  }

  /** Answers the place of the inner Struct. */
  putHead(buffer: Buffer, at: number, innerSize: number): number {
    const valueSize = 1 + delimitedSize(innerSize);
    const entrySize = this.#entrySize(valueSize);
    let next = at;
    buffer[next] = this.#tag;
    next = putVarint(buffer, next + 1, 1 + delimitedSize(entrySize));
    buffer[next] = FIELDS;
    next = putVarint(buffer, next + 1, entrySize);
    next = putBytes(buffer, next, this.#key);
    buffer[next] = VALUE;
    next = putVarint(buffer, next + 1, valueSize);
    buffer[next] = STRUCT_VALUE;
    return putVarint(buffer, next + 1, innerSize);
  }

  #entrySize(valueSize: number): number {
    return this.#key.length + 1 + delimitedSize(valueSize);
  }
}
