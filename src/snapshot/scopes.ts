import type { PackedRows } from '../changes/packed-rows.ts';
import { RowTable } from './columns/row-table.ts';
import { WordRows } from './columns/word-rows.ts';
import type { Names, Ref } from './names.ts';
import { ScopeMemo } from './scope-memo.ts';

/** What a key may be used for, as its row says it. */
export interface ScopeLists {
  readonly audiences: readonly string[];
  readonly models: readonly string[] | null;
}

const holders = 0;
const audiences = 1;
const models = 2;

/** A list is a chain of cells: the name, and the next cell. */
const cellName = 0;
const cellNext = 1;
/** In place of a first cell, where a key is narrowed to no list at all; 0 is a list without names. */
const everyModel = -1;

/** Audiences and models that keys are narrowed to: most keys share theirs, so each pair of lists is kept once. */
export class Scopes {
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #cells: WordRows;
  readonly #table: RowTable;
  readonly #memo = new ScopeMemo();

  constructor(names: Names, chunkRows: number) {
    this.#names = names;
    this.#rows = new WordRows(3, chunkRows);
    this.#cells = new WordRows(2, chunkRows);
    const hashOf = (row: number) => this.#hash(row);
    this.#table = new RowTable({ hashOf, isAsked: false, chunkRows });
  }

  /** The number of a pair of lists, held once more until it is released. */
  hold(lists: ScopeLists): number {
    const made = this.#rows.add();
    this.#rows.set(made, audiences, this.#addList(lists.audiences));
    this.#rows.set(made, models, lists.models === null ? everyModel : this.#addList(lists.models));
    const hash = this.#hash(made);
    let row = this.#table.first(hash);
    while (row !== 0 && !this.#same(row, made)) {
      row = this.#table.next();
    }
    if (row === 0) {
      row = made;
      this.#table.link(row, hash);
    } else {
      this.#remove(made);
    }
    return this.#holdRow(row);
  }

  /** The same from two fields of a packed row, whose lists are parsed where they are new; 0: the row is not whole. */
  holdFields(row: PackedRows, audiencesField: number, modelsField: number): number {
    const known = this.#memo.find(row, audiencesField, modelsField);
    if (known !== 0) {
      return this.#holdRow(known);
    }
    const put = row.toPut();
    const scope = put?.kind === 'api_key' ? this.hold(put.row) : 0;
    this.#memo.keep(scope);
    return scope;
  }

  release(row: number): void {
    const left = this.#rows.get(row, holders) - 1;
    this.#rows.set(row, holders, left);
    if (left === 0) {
      // Its number is used again.
      this.#memo.clear();
      this.#table.unlink(row, this.#hash(row));
      this.#remove(row);
    }
  }

  audiences(row: number): readonly string[] {
    return this.#readList(this.#rows.get(row, audiences));
  }

  models(row: number): readonly string[] | null {
    const first = this.#rows.get(row, models);
    return first === everyModel ? null : this.#readList(first);
  }

  isFor(row: number, audience: string): boolean {
    let cell = this.#rows.get(row, audiences);
    while (cell !== 0 && !this.#names.equals(this.#cells.get(cell, cellName), audience)) {
      cell = this.#cells.get(cell, cellNext);
    }
    return cell !== 0;
  }

  covers(row: number, model: Ref): boolean {
    let cell = this.#rows.get(row, models);
    while (cell > 0 && this.#cells.get(cell, cellName) !== model) {
      cell = this.#cells.get(cell, cellNext);
    }
    return cell !== 0;
  }

  #holdRow(row: number): number {
    this.#rows.set(row, holders, this.#rows.get(row, holders) + 1);
    return row;
  }

  #addList(list: readonly string[]): number {
    return list.reduceRight((after, name) => {
      const cell = this.#cells.add();
      this.#cells.set(cell, cellName, this.#names.hold(name));
      this.#cells.set(cell, cellNext, after);
      return cell;
    }, 0);
  }

  #readList(first: number): readonly string[] {
    const list: string[] = [];
    for (let cell = first; cell !== 0; cell = this.#cells.get(cell, cellNext)) {
      list.push(this.#names.text(this.#cells.get(cell, cellName)));
    }
    return list;
  }

  #remove(row: number): void {
    for (const word of [audiences, models]) {
      for (let cell = this.#rows.get(row, word); cell > 0; ) {
        const after = this.#cells.get(cell, cellNext);
        this.#names.release(this.#cells.get(cell, cellName));
        this.#cells.remove(cell);
        cell = after;
      }
    }
    this.#rows.remove(row);
  }

  #same(row: number, other: number): boolean {
    return this.#sameList(row, other, audiences) && this.#sameList(row, other, models);
  }

  #sameList(row: number, other: number, word: number): boolean {
    let one = this.#rows.get(row, word);
    let two = this.#rows.get(other, word);
    while (one > 0 && two > 0 && this.#cells.get(one, cellName) === this.#cells.get(two, cellName)) {
      one = this.#cells.get(one, cellNext);
      two = this.#cells.get(two, cellNext);
    }
    return one === two;
  }

  /** Of the names' numbers: they stay the same as long as the lists hold them. */
  #hash(row: number): number {
    let hash = 0;
    for (const word of [audiences, models]) {
      let cell = this.#rows.get(row, word);
      for (; cell > 0; cell = this.#cells.get(cell, cellNext)) {
        hash = mix(hash, this.#cells.get(cell, cellName));
      }
      hash = mix(hash, cell);
    }
    return hash;
  }
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
