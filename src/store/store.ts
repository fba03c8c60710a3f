import type { ChangeSet, Everything, Permission, TeamMode } from '../changes/change-set.ts';
import type { ApiKeyReads, ApiKeyWrites } from './api-key-store.ts';
import type {
  ApplicationRecord,
  ApplicationSummary,
  AuditEvent,
  CollaboratorRecord,
  KeyUse,
  ModelRecord,
  ProjectRecord,
  Settings,
  ShadowDenialCount,
  ShadowDenialRecord,
  TeamCollaboratorRecord,
  TeamMemberRecord,
  TeamRecord,
  UserRecord,
  UserSummary,
} from './records.ts';

/**
 * What the product asks of a store, as small capabilities that SQLite and PostgreSQL meet alike. Every
 * method may reject with a StoreError of code `unavailable` (disk, connection); what else it may reject
 * with stands at the method. A find answers undefined for what is not there.
 */

/** The last entry of the page before: its id, and what the list is sorted by. A time that is missing counts as -1. */
export interface PageMark {
  readonly id: string;
  readonly value?: string | number | undefined;
}

/** One page of a list: up to `limit` entries after a mark, in the order of the id or of `sort`. */
export interface PageQuery {
  readonly after?: PageMark | undefined;
  readonly limit: number;
  /** A field of the list's records that it may be sorted by; the mark was taken under the same. */
  readonly sort?: { readonly field: string; readonly descending: boolean } | undefined;
  /** Part of an id or name, in any case; no pattern. */
  readonly search?: string | undefined;
}

/** Each narrows; what is absent asks for nothing. Times are milliseconds since 1970. */
export interface UserFilter {
  /** Whose keys were all last used before this, or never; who came after it is left out. */
  readonly lastUsedBefore?: number | undefined;
  /** Who holds an expired key, or none. */
  readonly expired?: boolean | undefined;
}

export interface UserReads {
  /** Which of the names are users or applications, and whether each is active. */
  findPrincipals(names: readonly string[]): Promise<ReadonlyMap<string, { readonly active: boolean }>>;
  findUser(username: string): Promise<UserRecord | undefined>;
  /** `now` tells expired keys from live ones. Sorted by username, name, created_at or last_used_at. */
  listUsers(page: PageQuery, now: number, filter?: UserFilter): Promise<UserSummary[]>;
  summarizeUser(username: string, now: number): Promise<UserSummary | undefined>;
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
  /** `now` tells expired keys from live ones. Sorted by name, owner, created_at or last_used_at. */
  listApplications(page: PageQuery, now: number, filter?: ApplicationFilter): Promise<ApplicationSummary[]>;
  summarizeApplication(name: string, now: number): Promise<ApplicationSummary | undefined>;
}

export interface UserWrites {
  /** Rejects with `conflict` where a user or application has the name. */
  insertUser(user: UserRecord): Promise<void>;
  /** Rejects with `not_found`. Deactivating ends the user's API keys and legacy key for good (B37a). */
  updateUser(username: string, changes: Partial<Omit<UserRecord, 'username' | 'created_at'>>): Promise<void>;
  /** Replaces the user's legacy key, the first one included (B35). */
  setLegacyKey(username: string, digest: string): Promise<void>;
  /**
   * Takes the user away with its keys, memberships and collaborations, so that a later user of the name
   * has nothing of it. Rejects with `not_found`; with `has_dependents` while it owns projects or applications.
   */
  deleteUser(username: string): Promise<void>;
}

export interface ApplicationWrites {
  /** Rejects with `conflict` where a user or application has the name. */
  insertApplication(application: ApplicationRecord): Promise<void>;
  /** Rejects with `not_found`. Deactivating ends the application's API keys for good, as it does a user's. */
  updateApplication(name: string, changes: Partial<Omit<ApplicationRecord, 'name' | 'created_at'>>): Promise<void>;
  /** Takes the application away with its keys and collaborations. Rejects with `not_found`. */
  deleteApplication(name: string): Promise<void>;
}

export interface TeamReads {
  findTeam(team: string): Promise<TeamRecord | undefined>;
  /** Sorted by team or created_at. */
  listTeams(page: PageQuery): Promise<TeamRecord[]>;
  listTeamMembers(team: string): Promise<TeamMemberRecord[]>;
}

export interface TeamWrites {
  /** Rejects with `conflict`. */
  insertTeam(team: TeamRecord): Promise<void>;
  /** Rejects with `not_found` for an unknown team or user. */
  putTeamMember(team: string, username: string, permission: Permission): Promise<void>;
  /** Rejects with `not_found`. */
  deleteTeamMember(team: string, username: string): Promise<void>;
}

export interface ProjectReads {
  findProject(projectId: string): Promise<ProjectRecord | undefined>;
  /** Sorted by project_id, name or created_at. */
  listProjects(page: PageQuery): Promise<ProjectRecord[]>;
  listCollaborators(projectId: string): Promise<CollaboratorRecord[]>;
  listTeamCollaborators(projectId: string): Promise<TeamCollaboratorRecord[]>;
}

export interface ProjectWrites {
  /** Rejects with `conflict`; with `not_found` for an unknown owner. */
  insertProject(project: ProjectRecord): Promise<void>;
  /** Rejects with `not_found`. */
  updateProject(projectId: string, changes: Partial<Omit<ProjectRecord, 'project_id' | 'created_at'>>): Promise<void>;
  /** Rejects with `not_found` for an unknown project or principal. */
  putCollaborator(projectId: string, principal: string, permission: Permission): Promise<void>;
  /** Rejects with `not_found`. */
  deleteCollaborator(projectId: string, principal: string): Promise<void>;
  /** Rejects with `not_found` for an unknown project or team. */
  putTeamCollaborator(projectId: string, team: string, mode: TeamMode, permission: Permission): Promise<void>;
  /** Rejects with `not_found`. */
  deleteTeamCollaborator(projectId: string, team: string): Promise<void>;
}

/** Each narrows; what is absent asks for nothing. */
export interface ModelFilter {
  readonly auth_enabled?: boolean | undefined;
  readonly auth_shadow?: boolean | undefined;
  readonly state?: ModelRecord['state'] | undefined;
}

export interface ModelReads {
  /** Which of the ids are models. */
  findModelIds(modelIds: readonly string[]): Promise<ReadonlySet<string>>;
  findModel(modelId: string): Promise<ModelRecord | undefined>;
  /** All projects' models, or those of the projects named. Sorted by model_id, name, project_id or created_at. */
  listModels(page: PageQuery, projectIds?: readonly string[], filter?: ModelFilter): Promise<ModelRecord[]>;
}

export interface ModelWrites {
  /** Rejects with `conflict` where the id or the access key is taken; with `not_found` for an unknown project. */
  insertModel(model: ModelRecord): Promise<void>;
  /** Rejects with `not_found`; with `conflict` where a new access key is another model's. Switching shadow on starts its counts anew. */
  updateModel(
    modelId: string,
    changes: Partial<Omit<ModelRecord, 'model_id' | 'project_id' | 'created_at'>>,
  ): Promise<void>;
}

export interface ShadowDenialReads {
  /** Callers of a model that authentication would refuse. Sorted by id, count or last_at. */
  listShadowDenials(modelId: string, page: PageQuery): Promise<ShadowDenialRecord[]>;
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
}

export interface AuditWrites {
  /** For what deserves an entry and changes no row, such as an export with access keys. Everything else is audited by its own write. */
  audit(action: string, target: string, details?: Readonly<Record<string, unknown>>): void;
}

export interface Reads
  extends UserReads,
    ApplicationReads,
    ApiKeyReads,
    TeamReads,
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
    TeamWrites,
    ProjectWrites,
    ModelWrites,
    SettingsWrites,
    AuditWrites {}

/** Who makes a change, for the audit. */
export interface Author {
  readonly actor: string;
  readonly address: string;
}

export interface Committed<T> {
  readonly result: T;
  /** The revision that the write took, or the newest one where it changed nothing. */
  readonly revision: number;
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
  /** The whole content, consistent at one revision. */
  everything(): Promise<Everything>;
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

export interface Store extends ChangeFeed, StoreUpkeep {
  readonly read: Reads;
  /**
   * Runs a change in one transaction, with its audit and its revision: all of it is on disk when this
   * resolves, or none of it happened. Rejects with what `change` rejects with.
   */
  write<T>(author: Author, change: (writes: Writes) => Promise<T>): Promise<Committed<T>>;
  /** Notes uses of keys; no revision, no audit: nothing that a check decides by. Unknown keys are ignored. */
  recordKeyUses(uses: readonly KeyUse[]): Promise<void>;
  /**
   * Adds up calls that shadow would refuse; no revision, no audit. A bounded number of callers is told apart for
   * a model; those beyond count together. Unknown models are ignored.
   */
  recordShadowDenials(counts: readonly ShadowDenialCount[]): Promise<void>;
  /** Ends the store; later calls reject with `unavailable`. */
  close(): Promise<void>;
}
