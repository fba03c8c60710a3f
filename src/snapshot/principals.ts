import type { PrincipalRow } from '../changes/change-set.ts';
import type { PackedRows } from '../changes/packed-rows.ts';
import type { Names, Ref } from './names.ts';
import { isText, Words } from './packed-fields.ts';

const known = 1;
const isApplication = 2;
const isActive = 4;

const kinds = new Words(['user', 'application']);
const flags = new Words(['0', '1']);

/** Users and applications: marks on their names. */
export class Principals {
  readonly #names: Names;
  #count = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  get count(): number {
    return this.#count;
  }

  has(ref: Ref): boolean {
    return this.#names.mark(ref) !== 0;
  }

  isActive(ref: Ref): boolean {
    return (this.#names.mark(ref) & isActive) !== 0;
  }

  kind(ref: Ref): PrincipalRow['principal_kind'] {
    return this.#names.mark(ref) & isApplication ? 'application' : 'user';
  }

  /** Adds the principal, which is not there yet. */
  add({ principal, principal_kind, active }: PrincipalRow): void {
    const ref = this.#names.hold(principal);
    this.#names.setMark(ref, known | (principal_kind === 'application' ? isApplication : 0) | (active ? isActive : 0));
    this.#count += 1;
  }

  /** Adds the principal where it is not there yet, from a row of the usual form; else answers false. */
  fill(row: PackedRows): boolean {
    const kind = kinds.find(row, 1);
    const active = flags.find(row, 2);
    if (kind < 0 || active < 0 || !isText(row, 0)) {
      return false;
    }
    const ref = this.#names.holdField(row, 0);
    if (this.has(ref)) {
      this.#names.release(ref);
      return false;
    }
    this.#names.setMark(ref, known | (kind * isApplication) | (active * isActive));
    this.#count += 1;
    return true;
  }

  remove(ref: Ref): void {
    this.#names.setMark(ref, 0);
    this.#names.release(ref);
    this.#count -= 1;
  }

  read(ref: Ref): PrincipalRow {
    return { principal: this.#names.text(ref), principal_kind: this.kind(ref), active: this.isActive(ref) };
  }

  *all(): Iterable<Ref> {
    for (const ref of this.#names.all()) {
      if (this.has(ref)) {
        yield ref;
      }
    }
  }
}
