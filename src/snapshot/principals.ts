import type { PrincipalRow } from '../changes/change-set.ts';
import type { Names, Ref } from './names.ts';

const known = 1;
const isApplication = 2;
const isActive = 4;

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
