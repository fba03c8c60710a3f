import type { ApiKeyRow } from '../changes/change-set.ts';
import { Chains } from './columns/chains.ts';
import type { Texts } from './columns/texts.ts';
import { WordRows } from './columns/word-rows.ts';
import { DigestChains } from './digest-chains.ts';
import { digestWords } from './digest-words.ts';
import { hashText, type Names, type Ref } from './names.ts';
import { Scopes } from './scopes.ts';

/** One row is 15 words: with its places in two tables and its Key ID, a key takes less than 80 bytes. */
const nextOfDigest = 0;
const nextOfId = 1;
const id = 2;
const owner = 3;
const scope = 4;
const expiresLow = 5;
const expiresHigh = 6;
const digest = 7;
const words = digest + digestWords;

const wordRange = 2 ** 32;
/** In place of the upper half of an instant, which is never as far off: the key does not expire. */
const never = -0x80000000;

/** API keys, found by digest and by Key ID. */
export class ApiKeys {
  readonly #texts: Texts;
  readonly #names: Names;
  readonly #rows: WordRows;
  readonly #byId: Chains;
  readonly #scopes: Scopes;
  readonly byDigest: DigestChains;

  constructor(texts: Texts, names: Names, chunkRows: number) {
    this.#texts = texts;
    this.#names = names;
    this.#scopes = new Scopes(names, chunkRows);
    const rows = new WordRows(words, chunkRows);
    const hashOf = (row: number) => hashText(this.id(row), 0);
    this.#rows = rows;
    // Asked by changes only, so it may be slower and smaller.
    this.#byId = new Chains({ rows, next: nextOfId, hashOf, rowsPerBucket: 3, chunkRows });
    this.byDigest = new DigestChains({ rows, next: nextOfDigest, digest, chunkRows });
  }

  get count(): number {
    return this.#byId.count;
  }

  /** The row of a Key ID; 0: there is none. */
  find(keyId: string): number {
    let row = this.#byId.first(hashText(keyId, 0));
    while (row !== 0 && !this.#texts.equals(this.#rows.get(row, id), keyId)) {
      row = this.#byId.next(row);
    }
    return row;
  }

  id(row: number): string {
    return this.#texts.read(this.#rows.get(row, id));
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
    this.#rows.set(row, id, this.#texts.add(key.key_id));
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
    this.#byId.unlink(row, hashText(this.id(row), 0));
    this.#names.release(this.owner(row));
    this.#scopes.release(this.#rows.get(row, scope));
    this.#texts.remove(this.#rows.get(row, id));
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
