import type { Permission, TeamMode, Visibility } from '../changes/change-set.ts';

/**
 * Things as the store keeps them. Names are those of the API; times are milliseconds since 1970; a
 * secret has no place here, only its digest.
 */

export interface UserRecord {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly site_admin: boolean;
  readonly deactivated: boolean;
  readonly created_at: number;
}

/** What the API keys of a user or application come to, for lists. */
export interface KeySummary {
  readonly api_key_count: number;
  readonly expired_api_key_count: number;
  readonly last_used_at: number | null;
}

export interface UserSummary extends UserRecord, KeySummary {}

export interface ApplicationRecord {
  readonly name: string;
  readonly owner: string;
  readonly deactivated: boolean;
  readonly created_at: number;
}

export interface ApplicationSummary extends ApplicationRecord, KeySummary {
  /** Nobody but a site admin can manage it then; its keys go on (B37a). */
  readonly owner_deactivated: boolean;
}

export interface ApiKeyRecord {
  readonly key_id: string;
  readonly principal: string;
  readonly comments: string;
  readonly audiences: readonly string[];
  /** Models that the key is narrowed to (B44); null: all of its owner's. */
  readonly models: readonly string[] | null;
  readonly created_at: number;
  /** Username of whoever made it; null: its owner did, or it is not known (B35). */
  readonly created_by: string | null;
  /** null: never, which only an import can say. */
  readonly expires_at: number | null;
  /** When it was ended for good, by its owner's deactivation (B37a), a rotation (B43) or its holder (B46); null: it was not. */
  readonly ended_at: number | null;
  /** Key ID of the key that it was made to replace (B43); null: of none, or of one that was deleted. */
  readonly replaces: string | null;
  /** Key ID of its successor; null: it has none, or none any more. */
  readonly replaced_by: string | null;
  readonly last_used_at: number | null;
  readonly last_used_model: string | null;
}

export interface TeamRecord {
  readonly team: string;
  readonly created_at: number;
}

export interface TeamMemberRecord {
  readonly team: string;
  readonly username: string;
  readonly permission: Permission;
}

export interface ProjectRecord {
  readonly project_id: string;
  readonly name: string;
  readonly owner_user: string | null;
  readonly owner_team: string | null;
  readonly visibility: Visibility;
  readonly created_at: number;
}

export interface CollaboratorRecord {
  readonly project_id: string;
  readonly principal: string;
  readonly permission: Permission;
}

export interface TeamCollaboratorRecord {
  readonly project_id: string;
  readonly team: string;
  readonly mode: TeamMode;
  readonly permission: Permission;
}

export interface ModelRecord {
  readonly model_id: string;
  readonly project_id: string;
  readonly name: string;
  /** Confidential, not secret: readable again by the model's maintainers, never in a log, metric or audit entry. */
  readonly access_key: string;
  readonly target: string;
  readonly auth_enabled: boolean;
  readonly auth_shadow: boolean;
  readonly state: 'running' | 'stopped';
  readonly created_at: number;
}

export interface Settings {
  /** The site's "Default API keys expiration in days" (B29). */
  readonly default_api_key_expiration_days: number;
  /** 0: a check is answered however old the snapshot is (B22, B40). */
  readonly stale_after_seconds: number;
  /** Where `:test` makes its call (B36); empty: nowhere. */
  readonly gateway_url: string;
}

export interface AuditEvent {
  readonly id: number;
  readonly revision: number;
  readonly at: number;
  /** Username, `modelgate:system` for what Modelgate does by itself, or `api_key:KEY_ID` for whoever holds that key. */
  readonly actor: string;
  /** Peer address of the request; empty for what came from no request. */
  readonly address: string;
  /** `thing.verb`, such as `api_key.delete`. */
  readonly action: string;
  readonly target: string;
  readonly project_id: string | null;
  /** What changed, field by field; never a secret, digest or access key. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A use of an API key, for the lists that show it (B32). */
export interface KeyUse {
  readonly key_id: string;
  readonly model_id: string;
  readonly at: number;
}

/** Calls of a model in shadow, counted (B45): of one caller where authentication would have refused them. */
export interface ShadowDenialCount {
  readonly model_id: string;
  /** Empty: authentication would have let them through too, and nobody is told apart. */
  readonly reason: string;
  /** Empty where nobody known called. */
  readonly principal: string;
  readonly key_id: string;
  /** Address of a caller that is not known by a key; empty together with the rest: callers beyond those that are told apart. */
  readonly address: string;
  readonly count: number;
  readonly last_at: number;
}

/** What a model in shadow counted in all, since it last began to. */
export interface ShadowCount {
  readonly since: number;
  readonly calls: number;
  /** How many of the calls authentication would have refused. */
  readonly refused: number;
}

/** Calls that would be refused as they are kept, since the model last began to count. */
export interface ShadowDenialRecord extends ShadowDenialCount {
  readonly id: number;
  readonly first_at: number;
}

/** How somebody was signed in to a session. */
export type SignInMethod = 'legacy_key' | 'link' | 'oidc';

/** A browser's session. */
export interface SessionRecord {
  readonly username: string;
  readonly sign_in_method: SignInMethod;
  readonly created_at: number;
  /** Accurate to the interval at which uses are written down. */
  readonly last_used_at: number;
  /** When it ends, however much it is used. */
  readonly expires_at: number;
}

/** A link that signs a user in once. */
export interface SignInLinkRecord {
  readonly username: string;
  /** Who made it: a username, or `modelgate:system`. */
  readonly made_by: string;
  readonly expires_at: number;
}

/** Who somebody is at an OpenID provider: the two together, and nothing else that it says (T34). */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
}
