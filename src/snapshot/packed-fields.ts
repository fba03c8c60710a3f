import { noValue } from '../changes/packed-row.ts';
import type { PackedRows } from '../changes/packed-rows.ts';

/** Finds the number of a word among few by its bytes; a field that is none of them has -1. */
export class Words {
  readonly #words: readonly Buffer[];

  constructor(words: readonly string[]) {
    this.#words = words.map(word => Buffer.from(word, 'latin1'));
  }

  find({ bytes, starts, ends }: PackedRows, field: number): number {
    const start = starts[field] as number;
    const length = (ends[field] as number) - start;
    for (let number = 0; number < this.#words.length; number += 1) {
      const word = this.#words[number] as Buffer;
      let at = 0;
      while (at < length && bytes[start + at] === word[at]) {
        at += 1;
      }
      if (at === length && length === word.length) {
        return number;
      }
    }
    return -1;
  }
}

/** What null and quoted texts begin with lies below. */
const firstLetter = 0x20;
const nullByte = noValue.charCodeAt(0);

/** Whether a text stands there as it is, with a character at least. */
export function isText({ bytes, starts, ends }: PackedRows, field: number): boolean {
  const start = starts[field] as number;
  return start !== ends[field] && (bytes[start] as number) >= firstLetter;
}

export function isNull({ bytes, starts, ends }: PackedRows, field: number): boolean {
  const start = starts[field] as number;
  return start + 1 === ends[field] && bytes[start] === nullByte;
}

/** More digits may be more than a whole number holds. */
const digitsMax = 15;

/** A whole number of 0 or more in decimal; -1 where the field is none, or more than is ever met. */
export function readWhole({ bytes, starts, ends }: PackedRows, field: number): number {
  const start = starts[field] as number;
  const end = ends[field] as number;
  if (end === start || end - start > digitsMax || (bytes[start] === 0x30 && end > start + 1)) {
    return -1;
  }
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) {
      return -1;
    }
    number = number * 10 + digit;
  }
  return number;
}
