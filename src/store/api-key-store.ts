import type { PageQuery } from './page-query.ts';
import type { ApiKeyRecord } from './records.ts';

/** What the product asks of a store about API keys; see store.ts for what holds for all of its parts. */

/** An API key with the digest by which it is known. */
export interface StoredApiKey {
  readonly key: ApiKeyRecord;
  readonly digest: string;
}

/** A key to be inserted. */
export interface NewApiKey extends StoredApiKey {
  /** The end that somebody says by name is undone, by its instant as `findRevokedKeys` tells it (B30). */
  readonly restored?: number | undefined;
}

/** Each narrows; what is absent asks for nothing. Times are milliseconds since 1970. */
export interface ApiKeyFilter {
  /** Last used before this, or never; what was made after it is left out. */
  readonly lastUsedBefore?: number | undefined;
  readonly expiresBefore?: number | undefined;
  readonly expired?: { readonly is: boolean; readonly now: number } | undefined;
}

/** A key as lists of keys of several owners show it. */
export interface OwnedApiKey {
  readonly key: ApiKeyRecord;
  readonly ownerKind: 'user' | 'application';
}

export interface ApiKeyReads {
  findApiKey(keyId: string): Promise<ApiKeyRecord | undefined>;
  /** The key that a digest stands for, whatever became of it: expired and ended ones too. */
  findApiKeyByDigest(digest: string): Promise<ApiKeyRecord | undefined>;
  /** Those of the Key IDs that are there, by their id, each with its digest. */
  findApiKeys(keyIds: readonly string[]): Promise<ReadonlyMap<string, StoredApiKey>>;
  /**
   * When those of the keys were deleted, revoked or replaced that were, by their Key ID or by their digest under another one,
   * in milliseconds since 1970; by Key ID. Some of them may still be listed, or work for a while.
   */
  findRevokedKeys(
    keys: readonly { readonly key_id: string; readonly digest: string }[],
  ): Promise<ReadonlyMap<string, number>>;
  /** Sorted by key_id, created_at, expires_at or last_used_at. */
  listApiKeys(principal: string, page: PageQuery, filter?: ApiKeyFilter): Promise<ApiKeyRecord[]>;
  /** Keys of the whole site whose Key ID begins so, in its order; read by the index alone. */
  listApiKeysBeginning(prefix: string, page: Omit<PageQuery, 'sort' | 'search'>): Promise<OwnedApiKey[]>;
  /** Keys of the whole site, or of one principal, that expire after one instant and up to another, and have no successor (B47). */
  countApiKeysExpiring(after: number, upTo: number, principal?: string): Promise<number>;
  /** How many principals have a key that is not ended and was last used for this model, at an instant or later. */
  countCallers(modelId: string, since: number): Promise<number>;
}

/** What changes of a key. */
export interface ApiKeyUpdate {
  readonly key_id: string;
  readonly changes: Partial<Pick<ApiKeyRecord, 'comments' | 'audiences' | 'models' | 'expires_at'>>;
}

export interface ApiKeyWrites {
  /**
   * Rejects with `conflict` where a Key ID or a digest is taken, by a legacy key too: that never calls a
   * model (B15), or was deleted, revoked or replaced, unless the key says that this very end is undone (B30). A key whose `ended_at` is
   * set is listed and of no use.
   */
  insertApiKeys(keys: readonly NewApiKey[]): Promise<void>;
  /** Each key once. Rejects with `not_found`. */
  updateApiKeys(updates: readonly ApiKeyUpdate[]): Promise<void>;
  /**
   * Inserts a successor that `replaces` the key, which works on until `until` but never past its own
   * expiry, or stops at once where that has come (B43). Answers when it stops. Rejects with `not_found`, with
   * `conflict` where the key is ended or replaced already, and as an insert does.
   */
  replaceApiKey(keyId: string, successor: NewApiKey, until: number): Promise<number>;
  /** Ends the key for good, at its holder's wish (B46); it stays listed. Rejects with `not_found`. One that is ended stays as it is. */
  revokeApiKey(keyId: string): Promise<void>;
  /** Rejects with `not_found`. */
  deleteApiKey(keyId: string): Promise<void>;
  /** Answers how many there were. */
  deleteApiKeysOf(principal: string): Promise<number>;
}
