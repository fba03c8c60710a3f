import type { OidcIdentity } from './records.ts';

/** What a restore asks of a store about credentials that were ended; see store.ts for what holds for all of its parts. */

/** What signs a user in for good. */
export interface UserCredentials {
  /** null: the user has no legacy key. */
  readonly legacyKeyDigest: string | null;
  /** null: the user is nobody at an OpenID provider. */
  readonly identity: OidcIdentity | null;
}

/** What is remembered of keys that were ended (B30): when each was, in milliseconds since 1970. */
export interface EndedKeys {
  /** By Key ID. */
  readonly keyIds: ReadonlyMap<string, number>;
  /** By the mark of the digest; legacy keys too. No key is found by a mark. */
  readonly marks: ReadonlyMap<string, number>;
}

export interface EndedReads {
  /** Of those of the names that are users. */
  findUserCredentials(usernames: readonly string[]): Promise<ReadonlyMap<string, UserCredentials>>;
  listEndedKeys(): Promise<EndedKeys>;
  /** When the first revision was committed, in milliseconds since 1970: two copies of one site have it alike; undefined: none was. */
  findFirstCommit(): Promise<number | undefined>;
}

export interface EndedWrites {
  /** Takes the user's legacy key away, with all that may have been made by it; the user has none until it is rotated. */
  endLegacyKey(username: string): Promise<void>;
  /** Remembers keys that were ended elsewhere; they are not looked for here. */
  rememberEndedKeys(ended: EndedKeys): Promise<void>;
}
