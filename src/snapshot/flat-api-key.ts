import type { FlatRows } from './flat-rows.ts';
import type { Ref } from './names.ts';
import type { ApiKeyEntry } from './snapshot.ts';

/** An API key in its columns. Nothing is read before it is asked for: most of it seldom is. */
export class FlatApiKey implements ApiKeyEntry {
  readonly #rows: FlatRows;
  readonly #row: number;

  constructor(rows: FlatRows, row: number) {
    this.#rows = rows;
    this.#row = row;
  }

  get key_id(): string {
    return this.#rows.apiKeys.id(this.#row);
  }

  get owner(): Ref {
    return this.#rows.apiKeys.owner(this.#row);
  }

  get principal(): string {
    return this.#rows.names.text(this.owner);
  }

  get audiences(): readonly string[] {
    return this.#rows.apiKeys.audiences(this.#row);
  }

  get expires_at(): number | null {
    return this.#rows.apiKeys.expiresAt(this.#row);
  }

  get isNarrowed(): boolean {
    return this.#rows.apiKeys.models(this.#row) !== null;
  }

  isFor(audience: string): boolean {
    return this.#rows.apiKeys.isFor(this.#row, audience);
  }

  covers(model: Ref): boolean {
    return this.#rows.apiKeys.covers(this.#row, model);
  }
}
