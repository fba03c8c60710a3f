import type { PackedRows } from '../changes/packed-rows.ts';
import { RowTable } from './columns/row-table.ts';
import { RowTexts, rowTextWords } from './columns/row-texts.ts';
import type { Texts } from './columns/texts.ts';
import { WordRows } from './columns/word-rows.ts';

/** A name's number in one index. It stands for the name as long as a row holds it: within a tick, never longer. */
export type Ref = number;

/** What is kept in place of a name that a row does not have. */
export const noRef: Ref = 0;
/** What a name is told to be that no row holds: equal to nothing that any row has. */
export const unknownRef: Ref = -1;

/** How many hold the name, above its mark. */
const holders = 0;
const markBits = 3;
const oneHolder = 1 << markBits;
const markMask = oneHolder - 1;
const text = 1;

/**
 * Names of principals, teams, projects, models and targets as small integers, each text once, as long as
 * something holds it.
 */
export class Names {
  readonly #rows: WordRows;
  readonly #texts: RowTexts;
  readonly #table: RowTable;
  constructor(texts: Texts, chunkRows: number) {
    this.#rows = new WordRows(text + rowTextWords, chunkRows);
    // So that nobody can choose names that all fall together.
    const seed = Math.floor(Math.random() * 0x7fffffff);
    this.#texts = new RowTexts({ rows: this.#rows, texts, word: text, seed });
    const hashOf = (row: number) => this.#texts.hash(row);
    this.#table = new RowTable({ hashOf, isAsked: false, chunkRows });
  }

  find(name: string): Ref {
    return this.#find(this.#texts.want(name)) || unknownRef;
  }

  text(ref: Ref): string {
    return this.#texts.read(ref);
  }

  equals(ref: Ref, name: string): boolean {
    return this.#texts.equals(ref, name);
  }

  /** The name's number, held once more until it is released. */
  hold(name: string): Ref {
    return this.#hold(this.#texts.want(name));
  }

  /** The same for a name that is a field of a packed row, one byte a character. */
  holdField(row: PackedRows, field: number): Ref {
    return this.#hold(this.#texts.wantField(row, field));
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
    const left = this.#rows.get(ref, holders) - oneHolder;
    this.#rows.set(ref, holders, left);
    if (left >>> markBits === 0) {
      this.#table.unlink(ref, this.#texts.hash(ref));
      this.#texts.clear(ref);
      this.#rows.remove(ref);
    }
  }

  /** A number from 0 to 7 that goes with a name; 0 until it is set. */
  mark(ref: Ref): number {
    return ref > 0 ? this.#rows.get(ref, holders) & markMask : 0;
  }

  setMark(ref: Ref, value: number): void {
    this.#rows.set(ref, holders, (this.#rows.get(ref, holders) & ~markMask) | value);
  }

  /** Makes place for that many names in all, while there is none. */
  expect(count: number): void {
    this.#rows.expect(count);
    this.#table.expect(count);
  }

  /** Every name, in no order. */
  all(): Iterable<Ref> {
    return this.#table.all();
  }

  /** The wanted name's number; 0: nothing holds it. */
  #find(hash: number): number {
    let row = this.#table.first(hash);
    while (row !== 0 && !this.#texts.isWanted(row)) {
      row = this.#table.next();
    }
    return row;
  }

  #hold(hash: number): Ref {
    const known = this.#find(hash);
    const ref = known || this.#rows.add();
    if (known === 0) {
      this.#texts.setWanted(ref);
      this.#table.link(ref, hash);
    }
    this.#rows.set(ref, holders, this.#rows.get(ref, holders) + oneHolder);
    return ref;
  }
}

/** Spreads the numbers of names, which are small and follow each other, over all bits. */
export function hashRef(ref: Ref): number {
  const mixed = Math.imul(ref, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
