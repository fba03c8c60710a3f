import type { ProjectRow, Visibility } from '../changes/change-set.ts';
import type { PackedRows } from '../changes/packed-rows.ts';
import { RowTable } from './columns/row-table.ts';
import { WordRows } from './columns/word-rows.ts';
import { hashRef, type Names, noRef, type Ref } from './names.ts';
import { isNull, isText, Words } from './packed-fields.ts';

/** Words of a row, and fields of a packed one. */
const name = 0;
const user = 1;
const team = 2;
const seenBy = 3;
const words = 4;

const visibilities: readonly Visibility[] = ['private', 'organization', 'public'];
const visibilityWords = new Words(visibilities);

/** Projects, found by id. */
export class Projects {
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #byName: RowTable;

  constructor(names: Names, chunkRows: number) {
    this.#names = names;
    const rows = new WordRows(words, chunkRows);
    this.#rows = rows;
    const hashOf = (row: number) => hashRef(rows.get(row, name));
    this.#byName = new RowTable({ hashOf, isAsked: true, chunkRows });
  }

  get count(): number {
    return this.#byName.count;
  }

  /** The row of a project; 0: there is none. */
  find(ref: Ref): number {
    let row = this.#byName.first(hashRef(ref));
    while (row !== 0 && this.#rows.get(row, name) !== ref) {
      row = this.#byName.next();
    }
    return row;
  }

  /** The user, or `noRef`. */
  ownerUser(row: number): Ref {
    return this.#rows.get(row, user);
  }

  /** The team, or `noRef`. */
  ownerTeam(row: number): Ref {
    return this.#rows.get(row, team);
  }

  visibility(row: number): Visibility {
    return visibilities[this.#rows.get(row, seenBy)] as Visibility;
  }

  /** Adds the project, whose id is not there yet. */
  add(project: ProjectRow): void {
    const row = this.#rows.add();
    this.#rows.set(row, name, this.#names.hold(project.project_id));
    this.#rows.set(row, user, this.#names.holdOrNone(project.owner_user));
    this.#rows.set(row, team, this.#names.holdOrNone(project.owner_team));
    this.#rows.set(row, seenBy, visibilities.indexOf(project.visibility));
    this.#byName.link(row, hashRef(this.#rows.get(row, name)));
  }

  /** Adds the project where it is not there yet, from a row of the usual form; else answers false. */
  fill(packed: PackedRows): boolean {
    const visibility = visibilityWords.find(packed, seenBy);
    const hasOwners = [user, team].every(field => isText(packed, field) || isNull(packed, field));
    if (visibility < 0 || !hasOwners || !isText(packed, name)) {
      return false;
    }
    const ref = this.#names.holdField(packed, name);
    if (this.find(ref) !== 0) {
      this.#names.release(ref);
      return false;
    }
    const row = this.#rows.add();
    this.#rows.set(row, name, ref);
    for (const field of [user, team]) {
      this.#rows.set(row, field, isNull(packed, field) ? noRef : this.#names.holdField(packed, field));
    }
    this.#rows.set(row, seenBy, visibility);
    this.#byName.link(row, hashRef(ref));
    return true;
  }

  remove(row: number): void {
    this.#byName.unlink(row, hashRef(this.#rows.get(row, name)));
    for (const word of [name, user, team]) {
      this.#names.release(this.#rows.get(row, word));
    }
    this.#rows.remove(row);
  }

  read(row: number): ProjectRow {
    return {
      project_id: this.#names.text(this.#rows.get(row, name)),
      owner_user: this.#textOrNull(this.ownerUser(row)),
      owner_team: this.#textOrNull(this.ownerTeam(row)),
      visibility: this.visibility(row),
    };
  }

  all(): Iterable<number> {
    return this.#byName.all();
  }

  #textOrNull(ref: Ref): string | null {
    return ref === noRef ? null : this.#names.text(ref);
  }
}
