import type { ApiKeyRow } from '../changes/change-set.ts';
import type { PackedRows } from '../changes/packed-rows.ts';
import { RowTable } from './columns/row-table.ts';
import { RowTexts, rowTextWords } from './columns/row-texts.ts';
import type { Texts } from './columns/texts.ts';
import { WordRows } from './columns/word-rows.ts';
import { DigestTable } from './digest-table.ts';
import { digestWords } from './digest-words.ts';
import { KeyFactRows, keyFactWords } from './key-facts.ts';
import type { Names, Ref } from './names.ts';
import { isNull, isText, readWhole } from './packed-fields.ts';
import { Scopes } from './scopes.ts';

/** One row is 14 words: with its places in two tables, a key takes less than 70 bytes. */
const digest = 0;
const facts = digest + digestWords;
const id = facts + keyFactWords;
const words = id + rowTextWords;

/** Fields of a packed row, as `fieldNames` has them. */
const fields = { id: 0, digest: 1, owner: 2, audiences: 3, expiresAt: 4, models: 5 } as const;

/** API keys, found by digest and by Key ID. */
export class ApiKeys {
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #facts: KeyFactRows;
  readonly #ids: RowTexts;
  readonly #byId: RowTable;
  readonly #scopes: Scopes;
  readonly byDigest: DigestTable;

  constructor(texts: Texts, names: Names, chunkRows: number) {
    this.#names = names;
    this.#scopes = new Scopes(names, chunkRows);
    const rows = new WordRows(words, chunkRows);
    const hashOf = (row: number) => this.#ids.hash(row);
    this.#rows = rows;
    this.#facts = new KeyFactRows(rows, facts, chunkRows);
    this.#ids = new RowTexts({ rows, texts, word: id, seed: 0 });
    this.#byId = new RowTable({ hashOf, isAsked: false, chunkRows });
    this.byDigest = new DigestTable({ rows, digest, chunkRows });
  }

  get count(): number {
    return this.#byId.count;
  }

  /** The row of a Key ID; 0: there is none. */
  find(keyId: string): number {
    return this.#find(this.#ids.want(keyId));
  }

  id(row: number): string {
    return this.#ids.read(row);
  }

  owner(row: number): Ref {
    return this.#facts.owner(row);
  }

  /** Milliseconds since 1970; null: never. */
  expiresAt(row: number): number | null {
    return this.#facts.expiresAt(row);
  }

  audiences(row: number): readonly string[] {
    return this.#scopes.audiences(this.#facts.scope(row));
  }

  models(row: number): readonly string[] | null {
    return this.#scopes.models(this.#facts.scope(row));
  }

  isFor(row: number, audience: string): boolean {
    return this.#scopes.isFor(this.#facts.scope(row), audience);
  }

  /** Whether the key is not narrowed, or narrowed to this model among others. */
  covers(row: number, model: Ref): boolean {
    return this.#scopes.covers(this.#facts.scope(row), model);
  }

  /** Makes place for that many keys, while there is none. */
  expect(count: number): void {
    this.#rows.expect(count);
    this.#byId.expect(count);
    this.byDigest.expect(count);
  }

  /** Adds the key, whose Key ID is not there yet. */
  add(key: ApiKeyRow): void {
    const hash = this.#ids.want(key.key_id);
    const row = this.#addRow(hash);
    const owner = this.#names.hold(key.principal);
    this.#facts.set(row, owner, this.#scopes.hold(key), key.expires_at);
    this.byDigest.take(row, key.digest);
  }

  /** Adds the key where its Key ID is not there yet, from a row of the usual form; else answers false. */
  fill(packed: PackedRows): boolean {
    const expiresAt = isNull(packed, fields.expiresAt) ? null : readWhole(packed, fields.expiresAt);
    const isUsual = expiresAt !== -1 && isText(packed, fields.id) && isText(packed, fields.owner);
    if (!isUsual || !this.byDigest.want(packed, fields.digest)) {
      return false;
    }
    const hash = this.#ids.wantField(packed, fields.id);
    const scope = this.#find(hash) === 0 ? this.#scopes.holdFields(packed, fields.audiences, fields.models) : 0;
    if (scope === 0) {
      return false;
    }
    const row = this.#addRow(hash);
    this.#facts.set(row, this.#names.holdField(packed, fields.owner), scope, expiresAt);
    this.byDigest.takeWanted(row);
    return true;
  }

  remove(row: number): void {
    this.byDigest.leave(row);
    this.#byId.unlink(row, this.#ids.hash(row));
    this.#names.release(this.owner(row));
    this.#scopes.release(this.#facts.scope(row));
    this.#facts.clear(row);
    this.#ids.clear(row);
    this.#rows.remove(row);
  }

  read(row: number): ApiKeyRow {
    return {
      key_id: this.id(row),
      digest: this.byDigest.read(row),
      principal: this.#names.text(this.owner(row)),
      audiences: this.audiences(row),
      expires_at: this.expiresAt(row),
      models: this.models(row),
    };
  }

  all(): Iterable<number> {
    return this.#byId.all();
  }

  #find(hash: number): number {
    let row = this.#byId.first(hash);
    while (row !== 0 && !this.#ids.isWanted(row)) {
      row = this.#byId.next();
    }
    return row;
  }

  /** A row of the wanted Key ID. */
  #addRow(hash: number): number {
    const row = this.#rows.add();
    this.#ids.setWanted(row);
    this.#byId.link(row, hash);
    return row;
  }
}
