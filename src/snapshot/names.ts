import { RowTable } from './columns/row-table.ts';
import { hashText, RowTexts } from './columns/row-texts.ts';
import type { Texts } from './columns/texts.ts';
import { WordRows } from './columns/word-rows.ts';

/** A name's number in one index. It stands for the name as long as a row holds it: within a tick, never longer. */
export type Ref = number;

/** What is kept in place of a name that a row does not have. */
export const noRef: Ref = 0;
/** What a name is told to be that no row holds: equal to nothing that any row has. */
export const unknownRef: Ref = -1;

const holders = 0;
const mark = 1;
const text = 2;
/** Names up to 16 characters lie in their row. */
const textWords = 4;

/**
 * Names of principals, teams, projects, models and targets as small integers, each text once, as long as
 * something holds it.
 */
export class Names {
  readonly #rows: WordRows;
  readonly #texts: RowTexts;
  readonly #table: RowTable;
  /** So that nobody can choose names that all fall together. */
  readonly #seed = Math.floor(Math.random() * 0x7fffffff);

  constructor(texts: Texts, chunkRows: number) {
    this.#rows = new WordRows(text + textWords, chunkRows);
    this.#texts = new RowTexts({ rows: this.#rows, texts, word: text, words: textWords });
    const hashOf = (row: number) => this.#texts.hash(row, this.#seed);
    this.#table = new RowTable({ hashOf, isAsked: false, chunkRows });
  }

  find(name: string): Ref {
    return this.#find(name, this.#hash(name)) || unknownRef;
  }

  text(ref: Ref): string {
    return this.#texts.read(ref);
  }

  equals(ref: Ref, name: string): boolean {
    return this.#texts.equals(ref, name);
  }

  /** The name's number, held once more until it is released. */
  hold(name: string): Ref {
    const hash = this.#hash(name);
    const known = this.#find(name, hash);
    const ref = known || this.#rows.add();
    if (known === 0) {
      this.#texts.set(ref, name);
      this.#table.link(ref, hash);
    }
    this.#rows.set(ref, holders, this.#rows.get(ref, holders) + 1);
    return ref;
  }

  /** The same for a name that may be null. */
  holdOrNone(name: string | null): Ref {
    return name === null ? noRef : this.hold(name);
  }

  /** A name that nothing holds any more is forgotten, and its number used again. */
  release(ref: Ref): void {
    if (ref === noRef) {
      return;
    }
    const left = this.#rows.get(ref, holders) - 1;
    this.#rows.set(ref, holders, left);
    if (left === 0) {
      this.#table.unlink(ref, this.#texts.hash(ref, this.#seed));
      this.#texts.clear(ref);
      this.#rows.remove(ref);
    }
  }

  /** A small number that goes with a name; 0 until it is set. */
  mark(ref: Ref): number {
    return ref > 0 ? this.#rows.get(ref, mark) : 0;
  }

  setMark(ref: Ref, value: number): void {
    this.#rows.set(ref, mark, value);
  }

  /** Every name, in no order. */
  all(): Iterable<Ref> {
    return this.#table.all();
  }

  #find(name: string, hash: number): number {
    let row = this.#table.first(hash);
    while (row !== 0 && !this.equals(row, name)) {
      row = this.#table.next();
    }
    return row;
  }

  #hash(name: string): number {
    return hashText(name, this.#seed);
  }
}

/** Spreads the numbers of names, which are small and follow each other, over all bits. */
export function hashRef(ref: Ref): number {
  const mixed = Math.imul(ref, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
