import { delimitedSize, field, putBytes, putVarint } from '../wire/put-bytes.ts';
import type { TextWriter } from '../wire/text-writer.ts';

/** Field 2 of DeniedHttpResponse and of OkHttpResponse: a HeaderValueOption. */
const HEADERS = 0x12;
/** HeaderValueOption.header, a HeaderValue, and its fields. */
const HEADER = 0x0a;
const KEY = 0x0a;
const VALUE = 0x12;
/**
 * Sets a header over whatever the client sent: `append` with false in it, which is the empty message, and `append_action`
 * OVERWRITE_IF_EXISTS_OR_ADD (2). Both are said: many Envoys read only `append`, and some read its absence as yes (T3).
 */
const OVERWRITE = Buffer.from([0x12, 0x00, 0x18, 0x02]);

/** A header whose value is known beforehand, as it stands in an answer. */
export function encodeHeader(name: string, value: string): Buffer {
  return field(HEADERS, field(HEADER, field(KEY, name), field(VALUE, value)), OVERWRITE);
}

/** A header that is set over whatever the client sent, to a value of one byte a character. */
export class EncodedHeader {
  readonly #key: Buffer;

  constructor(name: string) {
    this.#key = field(KEY, name);
  }

  /** Number of bytes that it takes with a value of so many. */
  size(valueLength: number): number {
    return 1 + delimitedSize(this.#optionSize(this.#headerSize(valueLength)));
  }

  /** Answers the place behind it. */
  put(buffer: Buffer, at: number, value: string, texts: TextWriter): number {
    const headerSize = this.#headerSize(value.length);
    let next = at;
    buffer[next] = HEADERS;
    next = putVarint(buffer, next + 1, this.#optionSize(headerSize));
    buffer[next] = HEADER;
    next = putVarint(buffer, next + 1, headerSize);
    next = putBytes(buffer, next, this.#key);
    buffer[next] = VALUE;
    next = putVarint(buffer, next + 1, value.length);
    next = texts.put(buffer, next, value);
    return putBytes(buffer, next, OVERWRITE);
  }

  #headerSize(valueLength: number): number {
    return this.#key.length + 1 + delimitedSize(valueLength);
  }

  #optionSize(headerSize: number): number {
    return 1 + delimitedSize(headerSize) + OVERWRITE.length;
  }
}
