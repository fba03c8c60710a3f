import { HpackDecoder } from '../hpack/decoder.ts';
import type { Field } from '../hpack/static-table.ts';
import { headerListBytesMax, headerTableBytes } from '../limits/limits.ts';
import { type RequestHead, readRequestHead } from './request-head.ts';

/** Blocks that are remembered: one for each kind of call that a client makes over and over. */
const rememberedMax = 4;
/** Longer ones are not worth comparing. */
const rememberedBytesMax = 128;

/** Why a block gives no request: the whole connection can't go on, or this request alone is refused. */
export type HeadFault = 'broken' | 'bomb' | 'too_large' | 'malformed';

interface Remembered {
  readonly block: Buffer;
  readonly generation: number;
  readonly head: RequestHead;
}

/**
 * Reads the header blocks of one connection. A long-lived client sends the same few bytes again and again, all of them
 * indexes; the same bytes mean the same as long as the table has not changed.
 */
export class RequestHeads {
  readonly #decoder = new HpackDecoder(headerTableBytes, headerListBytesMax);
  #remembered: Remembered[] = [];

  read(bytes: Buffer, start: number, end: number): RequestHead | HeadFault {
    for (const known of this.#remembered) {
      if (known.generation === this.#decoder.generation && isSame(known.block, bytes, start, end)) {
        return known.head;
      }
    }
    const before = this.#decoder.generation;
    const fields = this.#decoder.decode(bytes, start, end);
    if (typeof fields === 'string') {
      return fields;
    }
    const head = readRequestHead(fields);
    if (head === undefined) {
      return 'malformed';
    }
    if (this.#decoder.generation === before && end - start <= rememberedBytesMax) {
      const block = Buffer.from(bytes.subarray(start, end));
      this.#remembered = [{ block, generation: before, head }, ...this.#remembered].slice(0, rememberedMax);
    }
    return head;
  }

  /** Reads a block that is no request's beginning: trailers, or one that is only read to keep the table right. */
  readFields(bytes: Buffer, start: number, end: number): readonly Field[] | HeadFault {
    return this.#decoder.decode(bytes, start, end);
  }
}

function isSame(block: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (block.length !== end - start) {
    return false;
  }
  for (let at = 0; at < block.length; at += 1) {
    if (block[at] !== bytes[start + at]) {
      return false;
    }
  }
  return true;
}
