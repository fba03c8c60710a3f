import type { ModelRow } from '../changes/change-set.ts';
import type { PackedRows } from '../changes/packed-rows.ts';
import { RowTable } from './columns/row-table.ts';
import { WordRows } from './columns/word-rows.ts';
import { DigestTable } from './digest-table.ts';
import { digestWords } from './digest-words.ts';
import { hashRef, type Names, type Ref } from './names.ts';
import { isText, Words } from './packed-fields.ts';
import type { ModelEntry } from './snapshot.ts';

const name = 0;
const project = 1;
const target = 2;
const flags = 3;
const digest = 4;
const words = digest + digestWords;

const authEnabled = 1;
const authShadow = 2;
const stopped = 4;

/** Fields of a packed row, as `fieldNames` has them. */
const fields = { name: 0, project: 1, digest: 2, target: 3, authEnabled: 4, authShadow: 5, stopped: 6 } as const;
const flagWords = new Words(['0', '1']);

/** Models, found by the digest of their access key and by id. */
export class Models {
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #byName: RowTable;
  /**
   * What checks were told of each model, made when it is first called: every answer names its model, and
   * models are few beside keys and users, so these alone may lie on the heap.
   */
  readonly #entries: (ModelEntry | undefined)[] = [];
  readonly byDigest: DigestTable;

  constructor(names: Names, chunkRows: number) {
    this.#names = names;
    const rows = new WordRows(words, chunkRows);
    this.#rows = rows;
    const hashOf = (row: number) => hashRef(rows.get(row, name));
    this.#byName = new RowTable({ hashOf, isAsked: true, chunkRows });
    this.byDigest = new DigestTable({ rows, digest, chunkRows });
  }

  get count(): number {
    return this.#byName.count;
  }

  /** The row of a model; 0: there is none. */
  find(ref: Ref): number {
    let row = this.#byName.first(hashRef(ref));
    while (row !== 0 && this.#rows.get(row, name) !== ref) {
      row = this.#byName.next();
    }
    return row;
  }

  /** What a check reads of the row. */
  entry(row: number): ModelEntry {
    const known = this.#entries[row];
    if (known) {
      return known;
    }
    const { access_key_digest: _, ...facts } = this.read(row);
    const entry = { row: facts, name: this.#rows.get(row, name), project: this.#rows.get(row, project) };
    this.#entries[row] = entry;
    return entry;
  }

  /** Makes place for that many models, while there is none. */
  expect(count: number): void {
    this.#rows.expect(count);
    this.#byName.expect(count);
    this.byDigest.expect(count);
  }

  /** Adds the model, whose id is not there yet. */
  add(model: ModelRow): void {
    const row = this.#rows.add();
    this.#rows.set(row, name, this.#names.hold(model.model_id));
    this.#rows.set(row, project, this.#names.hold(model.project_id));
    this.#rows.set(row, target, this.#names.hold(model.target));
    const { auth_enabled, auth_shadow } = model;
    this.#rows.set(
      row,
      flags,
      (auth_enabled ? authEnabled : 0) | (auth_shadow ? authShadow : 0) | (model.stopped ? stopped : 0),
    );
    this.#byName.link(row, hashRef(this.#rows.get(row, name)));
    this.byDigest.take(row, model.access_key_digest);
  }

  /** Adds the model where it is not there yet, from a row of the usual form; else answers false. */
  fill(packed: PackedRows): boolean {
    const [enabled, shadow, stop] = [fields.authEnabled, fields.authShadow, fields.stopped].map(field =>
      flagWords.find(packed, field),
    ) as [number, number, number];
    const isUsual = [fields.name, fields.project, fields.target].every(field => isText(packed, field));
    if (!isUsual || Math.min(enabled, shadow, stop) < 0 || !this.byDigest.want(packed, fields.digest)) {
      return false;
    }
    const ref = this.#names.holdField(packed, fields.name);
    if (this.find(ref) !== 0) {
      this.#names.release(ref);
      return false;
    }
    const row = this.#rows.add();
    this.#rows.set(row, name, ref);
    this.#rows.set(row, project, this.#names.holdField(packed, fields.project));
    this.#rows.set(row, target, this.#names.holdField(packed, fields.target));
    this.#rows.set(row, flags, (enabled * authEnabled) | (shadow * authShadow) | (stop * stopped));
    this.#byName.link(row, hashRef(ref));
    this.byDigest.takeWanted(row);
    return true;
  }

  remove(row: number): void {
    this.#entries[row] = undefined;
    this.byDigest.leave(row);
    this.#byName.unlink(row, hashRef(this.#rows.get(row, name)));
    for (const word of [name, project, target]) {
      this.#names.release(this.#rows.get(row, word));
    }
    this.#rows.remove(row);
  }

  read(row: number): ModelRow {
    const set = this.#rows.get(row, flags);
    return {
      model_id: this.#names.text(this.#rows.get(row, name)),
      project_id: this.#names.text(this.#rows.get(row, project)),
      access_key_digest: this.byDigest.read(row),
      target: this.#names.text(this.#rows.get(row, target)),
      auth_enabled: (set & authEnabled) !== 0,
      auth_shadow: (set & authShadow) !== 0,
      stopped: (set & stopped) !== 0,
    };
  }

  all(): Iterable<number> {
    return this.#byName.all();
  }
}
