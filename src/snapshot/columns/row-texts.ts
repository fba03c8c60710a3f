import type { PackedRows } from '../../changes/packed-rows.ts';
import { packBytes, packText, shortTextWords, unpackText } from './short-texts.ts';
import { TextMemo } from './text-memo.ts';
import type { Texts } from './texts.ts';
import type { WordRows } from './word-rows.ts';

/** Words of a row that its text takes. */
export const rowTextWords = shortTextWords;

export interface RowTextsOptions {
  readonly rows: WordRows;
  /** Where texts lie that do not fit a row. */
  readonly texts: Texts;
  /** The first of the words that hold a row's text. */
  readonly word: number;
  /** What hashes begin with. */
  readonly seed: number;
}

/**
 * A text of each row. A short one lies in the row itself, so that it is at hand with the row; of another,
 * the first word is 0 and the second has the place.
 */
export class RowTexts {
  readonly #rows: WordRows;
  readonly #texts: Texts;
  readonly #word: number;
  readonly #seed: number;
  readonly #memo = new TextMemo();
  /** The text that is looked for: its words, or where it is none of these, itself. */
  readonly #wanted = new Int32Array(shortTextWords);
  #wantedText: string | undefined;

  constructor({ rows, texts, word, seed }: RowTextsOptions) {
    this.#rows = rows;
    this.#texts = texts;
    this.#word = word;
    this.#seed = seed;
  }

  /** Takes a text to look for, or to give to a row; answers its hash. */
  want(text: string): number {
    const isShort = packText(text, this.#wanted);
    this.#wantedText = isShort ? undefined : text;
    return isShort ? this.#hashWords(this.#wanted, 0) : this.#hashText(text);
  }

  /** The same for a field of a packed row, one byte a character. */
  wantField({ bytes, starts, ends }: PackedRows, field: number): number {
    const start = starts[field] as number;
    const end = ends[field] as number;
    if (!packBytes(bytes, start, end, this.#wanted)) {
      return this.want(bytes.toString('latin1', start, end));
    }
    this.#wantedText = undefined;
    return this.#hashWords(this.#wanted, 0);
  }

  /** Whether the row's text is the wanted one. */
  isWanted(row: number): boolean {
    const words = this.#rows.chunkOf(row);
    const start = this.#startOf(row);
    if (this.#wantedText !== undefined) {
      return words[start] === 0 && this.#texts.equals(words[start + 1] as number, this.#wantedText);
    }
    const wanted = this.#wanted;
    return words[start] === wanted[0] && words[start + 1] === wanted[1] && words[start + 2] === wanted[2];
  }

  /** Gives the wanted text to a row that has none. */
  setWanted(row: number): void {
    const words = this.#rows.chunkOf(row);
    const start = this.#startOf(row);
    if (this.#wantedText === undefined) {
      for (let word = 0; word < shortTextWords; word += 1) {
        words[start + word] = this.#wanted[word] as number;
      }
    } else {
      words[start] = 0;
      words[start + 1] = this.#texts.add(this.#wantedText);
    }
  }

  read(row: number): string {
    return this.#memo.get(row) ?? this.#memo.keep(row, this.#make(row));
  }

  equals(row: number, text: string): boolean {
    this.want(text);
    return this.isWanted(row);
  }

  /** What `want` answers for the row's text. */
  hash(row: number): number {
    const words = this.#rows.chunkOf(row);
    const start = this.#startOf(row);
    return words[start] === 0 ? this.#hashText(this.#make(row)) : this.#hashWords(words, start);
  }

  /** The row has no text any more: gives back what it takes outside the row. */
  clear(row: number): void {
    this.#memo.forget(row);
    const words = this.#rows.chunkOf(row);
    const start = this.#startOf(row);
    if (words[start] === 0) {
      this.#texts.remove(words[start + 1] as number);
    }
  }

  #make(row: number): string {
    const words = this.#rows.chunkOf(row);
    const start = this.#startOf(row);
    return words[start] === 0 ? this.#texts.read(words[start + 1] as number) : unpackText(words, start);
  }

  #startOf(row: number): number {
    return this.#rows.startOf(row) + this.#word;
  }

  #hashWords(words: Int32Array, start: number): number {
    let hash = this.#seed;
    for (let word = start; word < start + shortTextWords; word += 1) {
      hash = mix(hash, words[word] as number);
    }
    // What is mixed in last has spread over the upper bits only, and buckets are told by the lower ones.
    return mix(hash, hash >>> 15);
  }

  #hashText(text: string): number {
    let hash = this.#seed;
    for (let at = 0; at < text.length; at += 1) {
      hash = mix(hash, text.charCodeAt(at));
    }
    return hash;
  }
}

function mix(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ unit, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
