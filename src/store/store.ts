import type { Readable } from 'node:stream';
import type { ChangeSet, Kind, Put } from '../changes/change-set.ts';
import type { PackedPage } from '../changes/packed-rows.ts';
import type { ApiKeyReads, ApiKeyWrites } from './api-key-store.ts';
import type { EndedReads, EndedWrites } from './ended-store.ts';
import type { ModelReads, ModelWrites } from './model-store.ts';
import type { PageQuery } from './page-query.ts';
import type { ProjectReads, ProjectWrites } from './project-store.ts';
import type {
  ApplicationRecord,
  ApplicationSummary,
  AuditEvent,
  KeyUse,
  Settings,
  ShadowCount,
  ShadowDenialCount,
  ShadowDenialRecord,
  UserRecord,
  UserSummary,
} from './records.ts';
import type { OidcIdentityReads, OidcIdentityWrites, SessionReads, SessionWrites } from './session-store.ts';
import type { TeamReads, TeamWrites } from './team-store.ts';

/**
 * What the product asks of a store, as small capabilities that SQLite and PostgreSQL meet alike. Every
 * method may reject with a StoreError of code `unavailable` (disk, connection); what else it may reject
 * with stands at the method. A find answers undefined for what is not there.
 */

/** Each narrows; what is absent asks for nothing. Times are milliseconds since 1970. */
export interface UserFilter {
  /** Whose keys were all last used before this, or never; who came after it is left out. */
  readonly lastUsedBefore?: number | undefined;
  /** Who holds an expired key, or none. */
  readonly expired?: boolean | undefined;
}

export interface UserReads {
  /** Which of the names are users or applications, and whether each is active. */
  findPrincipals(
    names: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly active: boolean; readonly kind: 'user' | 'application' }>>;
  /** Whether a new user or application can have the name: no other has it, in whatever case, and it is not reserved (B49). */
  isNameFree(name: string): Promise<boolean>;
  /** Names of before that are equal but for case, or reserved, `limit` of them at most. */
  findUnclearNames(limit: number): Promise<string[]>;
  findUser(username: string): Promise<UserRecord | undefined>;
  /** Those of the names that are users, by their name. */
  findUsers(usernames: readonly string[]): Promise<ReadonlyMap<string, UserRecord>>;
  /** `now` tells expired keys from live ones. Sorted by username, name, created_at or last_used_at. */
  listUsers(page: PageQuery, now: number, filter?: UserFilter): Promise<UserSummary[]>;
  summarizeUser(username: string, now: number): Promise<UserSummary | undefined>;
  /** Site admins that can still sign in, `limit` of them at most, those first that were made first. */
  listActiveSiteAdmins(limit: number): Promise<UserRecord[]>;
  /** Site admins that can still sign in. */
  countActiveSiteAdmins(): Promise<number>;
  /** The active user whose legacy key has this digest. */
  findUserByLegacyKey(digest: string): Promise<UserRecord | undefined>;
}

/** Each narrows; what is absent asks for nothing. */
export interface ApplicationFilter extends UserFilter {
  readonly owner?: string | undefined;
  readonly ownerDeactivated?: boolean | undefined;
}

export interface ApplicationReads {
  findApplication(name: string): Promise<ApplicationRecord | undefined>;
  /** Those of the names that are applications, by their name. */
  findApplications(names: readonly string[]): Promise<ReadonlyMap<string, ApplicationRecord>>;
  /** `now` tells expired keys from live ones. Sorted by name, owner, created_at or last_used_at. */
  listApplications(page: PageQuery, now: number, filter?: ApplicationFilter): Promise<ApplicationSummary[]>;
  summarizeApplication(name: string, now: number): Promise<ApplicationSummary | undefined>;
}

/** A new user with the digest of its first legacy key. */
export interface NewUser {
  readonly user: UserRecord;
  readonly legacyKeyDigest: string;
}

export interface LegacyKeyOptions {
  /** Digest of the session that goes on. */
  readonly keptSession?: string | undefined;
  /** Username of whoever gets to see the key, for the audit. */
  readonly shownTo?: string | undefined;
}

export interface UserWrites {
  /** Rejects with `conflict` where a user or application has the name, in whatever case, or it is reserved (B49). */
  insertUser(user: UserRecord): Promise<void>;
  /** The same of many at once, each with its legacy key (B35). */
  insertUsers(users: readonly NewUser[]): Promise<void>;
  /**
   * Rejects with `not_found`. Deactivating ends the user's API keys, legacy key, sessions and links for good (B37a); so does
   * becoming a site admin, or ceasing to be one, with the sessions (T27).
   */
  updateUser(username: string, changes: Partial<Omit<UserRecord, 'username' | 'created_at'>>): Promise<void>;
  /**
   * Replaces the user's legacy key, the first one included (B35), and ends what may have been made by it: all sessions of the
   * user but the one that is kept, and all links to it and of its making (T53).
   */
  setLegacyKey(username: string, digest: string, options?: LegacyKeyOptions): Promise<void>;
  /**
   * Takes the user away with its keys, memberships and collaborations, so that a later user of the name
   * has nothing of it. Rejects with `not_found`; with `has_dependents` while it owns projects or applications.
   */
  deleteUser(username: string): Promise<void>;
}

export interface ApplicationWrites {
  /** Rejects with `conflict` where a user or application has the name, in whatever case, or it is reserved (B49). */
  insertApplication(application: ApplicationRecord): Promise<void>;
  /** Rejects with `not_found`. Deactivating ends the application's API keys for good, as it does a user's. */
  updateApplication(name: string, changes: Partial<Omit<ApplicationRecord, 'name' | 'created_at'>>): Promise<void>;
  /** Takes the application away with its keys and collaborations. Rejects with `not_found`. */
  deleteApplication(name: string): Promise<void>;
}

export interface ShadowDenialReads {
  /** Callers of a model that authentication would refuse. Sorted by id, count or last_at. */
  listShadowDenials(modelId: string, page: PageQuery): Promise<ShadowDenialRecord[]>;
  /** Undefined: the model never counted. */
  findShadowCount(modelId: string): Promise<ShadowCount | undefined>;
}

export interface SettingsReads {
  readSettings(): Promise<Settings>;
}

export interface SettingsWrites {
  updateSettings(changes: Partial<Settings>): Promise<void>;
}

export interface AuditQuery {
  /** Id of the last event of the page before: the list is newest first. */
  readonly before?: number | undefined;
  readonly limit: number;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly projectId?: string | undefined;
  readonly revision?: number | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface AuditReads {
  listAuditEvents(query: AuditQuery): Promise<AuditEvent[]>;
  /** The events after an id, oldest first: what leaves the audit, in its order. */
  listAuditEventsAfter(id: number, limit: number): Promise<AuditEvent[]>;
}

export interface AuditWrites {
  /** For what deserves an entry and changes no row, such as an export with access keys. Everything else is audited by its own write. */
  audit(action: string, target: string, details?: Readonly<Record<string, unknown>>): void;
  /** Takes the events up to an id out of the audit, which tells nothing of it by itself: whoever asks has kept them elsewhere. */
  deleteAuditEvents(lastId: number): Promise<void>;
}

/** What is counted for somebody: keys of a principal, applications of a user, models of a project; teams and projects of whom made them. */
export type OwnedKind = 'api_keys' | 'applications' | 'teams' | 'projects' | 'models';

export interface OwnedReads {
  /** How many there are; of teams and projects, those that the user made, whosever they are by now. */
  countOwned(kind: OwnedKind, owner: string): Promise<number>;
}

export interface Reads
  extends OwnedReads,
    UserReads,
    ApplicationReads,
    ApiKeyReads,
    EndedReads,
    TeamReads,
    SessionReads,
    OidcIdentityReads,
    ProjectReads,
    ModelReads,
    ShadowDenialReads,
    SettingsReads,
    AuditReads {}

/** Reads see the writes made before them in the same transaction. */
export interface Writes
  extends Reads,
    UserWrites,
    ApplicationWrites,
    ApiKeyWrites,
    EndedWrites,
    TeamWrites,
    SessionWrites,
    OidcIdentityWrites,
    ProjectWrites,
    ModelWrites,
    SettingsWrites,
    AuditWrites {}

/** Who makes a change, for the audit. */
export interface Author {
  readonly actor: string;
  readonly address: string;
  /** In whose turn the change is made, where the actor is one of many names that somebody has; absent: the actor's (T55). */
  readonly turn?: string;
}

/** What a write is for: one that takes something away from somebody goes before those that wait (T55). */
export type WriteKind = 'revocation' | 'ordinary';

export interface Committed<T> {
  readonly result: T;
  /** The revision that the write took, or the newest one where it changed nothing. */
  readonly revision: number;
}

/** Some rows of a store's content. */
export interface ContentPiece {
  /** Where the store stands: the same in every piece. */
  readonly epoch: string;
  readonly revision: number;
  /** undefined in place of each row that is not as it was written. The others are unchecked: whoever applies them parses them. */
  readonly puts: readonly (Put | undefined)[];
  /** More rows, each with its check, which whoever applies them holds it against. Its bytes stay until the next piece is asked for. */
  readonly page?: PackedPage;
  /** How many rows there will be of some kinds, or were a moment ago; in the first piece only. */
  readonly counts?: Partial<Record<Kind, number>>;
}

/** The gap-free feed of changes that the snapshot follows. */
export interface ChangeFeed {
  /** Where the store stands. */
  head(): Promise<{ readonly epoch: string; readonly revision: number }>;
  /**
   * The change sets after a revision, oldest first, up to a bounded number. Rows are as they were
   * written, unchecked: whoever applies them parses them.
   */
  changesSince(revision: number): Promise<readonly ChangeSet[]>;
  /**
   * The whole content at one revision, in pieces of which none holds up a check for long (T33). Until the last is
   * taken the store may answer nothing else, so whoever begins goes on to the end or gives up.
   */
  everything(): AsyncIterable<ContentPiece>;
}

/** What a store does without anybody's asking; none of it takes a revision. */
export interface StoreUpkeep {
  /** The latest time that was kept, in milliseconds since 1970; 0: none yet. */
  timeSeen(): Promise<number>;
  /** Keeps the time, so that it does not run back over a restart (T41). Each write that commits does so too. */
  keepTime(): Promise<void>;
  /** Takes what was deleted out of the engine's log too (T25), and brings all of it into the database. */
  purge(): Promise<void>;
}

/** A copy of the store, in its own folder. */
export interface BackupFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** What it holds: everything up to this revision, and nothing of a later one. */
  readonly revision: number;
}

/** A copy of the store that is in no folder: it is gone once its content is read, or closed. */
export interface OpenBackup extends BackupFile {
  readonly content: Readable;
}

export interface StoreBackup {
  /** Makes a copy while changes go on. Rejects with `conflict` while another one is being made. */
  backup(): Promise<BackupFile>;
  /** The same, to be taken elsewhere. */
  openBackup(): Promise<OpenBackup>;
}

export interface Store extends ChangeFeed, StoreUpkeep, StoreBackup {
  /**
   * Makes sure that what is committed outlives a crash, as a write does, for whoever answers by what others wrote.
   * Answers its revision; rejects as a write.
   */
  confirm(): Promise<number>;
  readonly read: Reads;
  /**
   * Runs a change in one transaction, with its audit and its revision: all of it is on disk when this
   * resolves, or none of it happened. Rejects with what `change` rejects with. Of the writes that wait, revocations go
   * first, and each actor's in its turn; ordinary is what is not said.
   */
  write<T>(author: Author, change: (writes: Writes) => Promise<T>, kind?: WriteKind): Promise<Committed<T>>;
  /** Notes uses of keys; no revision, no audit: nothing that a check decides by. Unknown keys are ignored. */
  recordKeyUses(uses: readonly KeyUse[]): Promise<void>;
  /**
   * Adds up calls of models in shadow, and whom it would refuse; no revision, no audit. A bounded number of callers is told apart for
   * a model; those beyond count together. Unknown models are ignored.
   */
  recordShadowDenials(counts: readonly ShadowDenialCount[]): Promise<void>;
  /** Notes that a session was used; no revision, no audit. One that is gone is ignored. */
  touchSession(digest: string, at: number): Promise<void>;
  /** Ends the store; later calls reject with `unavailable`. */
  close(): Promise<void>;
}
