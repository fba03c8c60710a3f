import type { ApiKeyRow } from '../changes/change-set.ts';
import { RowTable } from './columns/row-table.ts';
import { hashText, RowTexts } from './columns/row-texts.ts';
import type { Texts } from './columns/texts.ts';
import { WordRows } from './columns/word-rows.ts';
import { DigestTable } from './digest-table.ts';
import { digestWords } from './digest-words.ts';
import type { Names, Ref } from './names.ts';
import { Scopes } from './scopes.ts';

/** One row is 16 words, a cache line: with its places in two tables, a key takes less than 80 bytes. */
const digest = 0;
const owner = digest + digestWords;
const scope = owner + 1;
const expiresLow = owner + 2;
const expiresHigh = owner + 3;
const id = owner + 4;
/** Key IDs that the product makes have 16 characters. */
const idWords = 4;
const words = id + idWords;

const wordRange = 2 ** 32;
/** In place of the upper half of an instant, which is never as far off: the key does not expire. */
const never = -0x80000000;

/** API keys, found by digest and by Key ID. */
export class ApiKeys {
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #ids: RowTexts;
  readonly #byId: RowTable;
  readonly #scopes: Scopes;
  readonly byDigest: DigestTable;

  constructor(texts: Texts, names: Names, chunkRows: number) {
    this.#names = names;
    this.#scopes = new Scopes(names, chunkRows);
    const rows = new WordRows(words, chunkRows);
    const hashOf = (row: number) => this.#ids.hash(row, 0);
    this.#rows = rows;
    this.#ids = new RowTexts({ rows, texts, word: id, words: idWords });
    this.#byId = new RowTable({ hashOf, isAsked: false, chunkRows });
    this.byDigest = new DigestTable({ rows, digest, chunkRows });
  }

  get count(): number {
    return this.#byId.count;
  }

  /** The row of a Key ID; 0: there is none. */
  find(keyId: string): number {
    let row = this.#byId.first(hashText(keyId, 0));
    while (row !== 0 && !this.#ids.equals(row, keyId)) {
      row = this.#byId.next();
    }
    return row;
  }

  id(row: number): string {
    return this.#ids.read(row);
  }

  owner(row: number): Ref {
    return this.#rows.get(row, owner);
  }

  /** Milliseconds since 1970; null: never. */
  expiresAt(row: number): number | null {
    const high = this.#rows.get(row, expiresHigh);
    return high === never ? null : high * wordRange + (this.#rows.get(row, expiresLow) >>> 0);
  }

  audiences(row: number): readonly string[] {
    return this.#scopes.audiences(this.#rows.get(row, scope));
  }

  models(row: number): readonly string[] | null {
    return this.#scopes.models(this.#rows.get(row, scope));
  }

  isFor(row: number, audience: string): boolean {
    return this.#scopes.isFor(this.#rows.get(row, scope), audience);
  }

  /** Whether the key is not narrowed, or narrowed to this model among others. */
  covers(row: number, model: Ref): boolean {
    return this.#scopes.covers(this.#rows.get(row, scope), model);
  }

  /** Adds the key, whose Key ID is not there yet. */
  add(key: ApiKeyRow): void {
    const row = this.#rows.add();
    this.#ids.set(row, key.key_id);
    this.#rows.set(row, owner, this.#names.hold(key.principal));
    this.#rows.set(row, scope, this.#scopes.hold(key));
    const high = key.expires_at === null ? never : Math.floor(key.expires_at / wordRange);
    this.#rows.set(row, expiresHigh, high);
    this.#rows.set(row, expiresLow, key.expires_at === null ? 0 : key.expires_at - high * wordRange);
    this.#byId.link(row, hashText(key.key_id, 0));
    this.byDigest.take(row, key.digest);
  }

  remove(row: number): void {
    this.byDigest.leave(row);
    this.#byId.unlink(row, this.#ids.hash(row, 0));
    this.#names.release(this.owner(row));
    this.#scopes.release(this.#rows.get(row, scope));
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
}
