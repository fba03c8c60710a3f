import type { Texts } from './texts.ts';
import type { WordRows } from './word-rows.ts';

export interface RowTextsOptions {
  readonly rows: WordRows;
  /** Where texts lie that are too long for a row. */
  readonly texts: Texts;
  /** The first of the words that hold a row's text, and how many there are: two at least. */
  readonly word: number;
  readonly words: number;
}

/**
 * A text of each row. A short one lies in the row itself, so that it is at hand with the row; of another,
 * the row has the place. What lies in a row begins with no 0 and ends with one, or with the words.
 */
export class RowTexts {
  readonly #rows: WordRows;
  readonly #texts: Texts;
  readonly #word: number;
  readonly #bytes: number;

  constructor({ rows, texts, word, words }: RowTextsOptions) {
    this.#rows = rows;
    this.#texts = texts;
    this.#word = word;
    this.#bytes = words * 4;
  }

  /** Gives a text to a row that has none. */
  set(row: number, text: string): void {
    if (!this.#fits(text)) {
      this.#rows.set(row, this.#word + 1, this.#texts.add(text));
      return;
    }
    const bytes = this.#rows.bytesOf(row);
    const start = this.#startOf(row);
    for (let at = 0; at < text.length; at += 1) {
      bytes[start + at] = text.charCodeAt(at);
    }
  }

  read(row: number): string {
    const bytes = this.#rows.bytesOf(row);
    const start = this.#startOf(row);
    if (bytes[start] === 0) {
      return this.#texts.read(this.#placeOf(row));
    }
    let end = start + 1;
    while (end < start + this.#bytes && bytes[end] !== 0) {
      end += 1;
    }
    return bytes.toString('latin1', start, end);
  }

  equals(row: number, text: string): boolean {
    const bytes = this.#rows.bytesOf(row);
    const start = this.#startOf(row);
    if (bytes[start] === 0) {
      return this.#texts.equals(this.#placeOf(row), text);
    }
    const { length } = text;
    if (length > this.#bytes || (length < this.#bytes && bytes[start + length] !== 0)) {
      return false;
    }
    for (let at = 0; at < length; at += 1) {
      if (bytes[start + at] !== text.charCodeAt(at)) {
        return false;
      }
    }
    // A text without characters lies never in a row.
    return length > 0;
  }

  /** What `hashText` gives for the row's text, without making it. */
  hash(row: number, seed: number): number {
    const bytes = this.#rows.bytesOf(row);
    const start = this.#startOf(row);
    if (bytes[start] === 0) {
      return hashText(this.read(row), seed);
    }
    let hash = seed;
    for (let at = start; at < start + this.#bytes && bytes[at] !== 0; at += 1) {
      hash = mix(hash, bytes[at] as number);
    }
    return hash;
  }

  /** Gives back what the text takes outside the row. */
  clear(row: number): void {
    if (this.#rows.bytesOf(row)[this.#startOf(row)] === 0) {
      this.#texts.remove(this.#placeOf(row));
    }
  }

  #fits(text: string): boolean {
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === 0 || unit > 0xff) {
        return false;
      }
    }
    return text.length > 0 && text.length <= this.#bytes;
  }

  #startOf(row: number): number {
    return (this.#rows.startOf(row) + this.#word) * 4;
  }

  #placeOf(row: number): number {
    return this.#rows.get(row, this.#word + 1);
  }
}

export function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at += 1) {
    hash = mix(hash, text.charCodeAt(at));
  }
  return hash;
}

function mix(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ unit, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
