/**
 * What a check needs to know, as plain data: the store writes it, the stream to sidecars carries it,
 * the snapshot applies it. One form, with digests and names only; never a secret, comment or address.
 */

/** What a principal may do on a project, weakest first. `read` is enough to call a model (B19, B20). */
export type Permission = 'business_user' | 'read' | 'operator' | 'write' | 'admin';
export type Visibility = 'private' | 'organization' | 'public';
/** How a team counts on a project: each member's own permission in the team, or one for all. */
export type TeamMode = 'inherit' | 'override';

export interface PrincipalRow {
  readonly principal: string;
  readonly principal_kind: 'user' | 'application';
  readonly active: boolean;
}

export interface TeamMemberRow {
  readonly team: string;
  readonly principal: string;
  readonly permission: Permission;
}

export interface ProjectRow {
  readonly project_id: string;
  readonly owner_user: string | null;
  readonly owner_team: string | null;
  readonly visibility: Visibility;
}

export interface CollaboratorRow {
  readonly project_id: string;
  readonly principal: string;
  readonly permission: Permission;
}

export interface TeamCollaboratorRow {
  readonly project_id: string;
  readonly team: string;
  readonly mode: TeamMode;
  /** What every member gets with `override`; ignored with `inherit`. */
  readonly permission: Permission;
}

export interface ModelRow {
  readonly model_id: string;
  readonly project_id: string;
  /** SHA-256 in hex of the one active access key. */
  readonly access_key_digest: string;
  /** Name of the Envoy cluster that serves the model. */
  readonly target: string;
  readonly auth_enabled: boolean;
  readonly auth_shadow: boolean;
  readonly stopped: boolean;
}

export interface ApiKeyRow {
  readonly key_id: string;
  /** SHA-256 in hex of the secret. */
  readonly digest: string;
  readonly principal: string;
  readonly audiences: readonly string[];
  /** Milliseconds since 1970; that instant counts as expired (B16). null: never. */
  readonly expires_at: number | null;
  /** Models that the key is narrowed to (B44); null: all of its owner's. */
  readonly models: readonly string[] | null;
}

export interface SettingsRow {
  /** Oldest confirmation of the snapshot that still answers checks, in seconds; 0: no limit (B22, B40). */
  readonly stale_after_seconds: number;
}

export interface Rows {
  readonly principal: PrincipalRow;
  readonly team_member: TeamMemberRow;
  readonly project: ProjectRow;
  readonly collaborator: CollaboratorRow;
  readonly team_collaborator: TeamCollaboratorRow;
  readonly model: ModelRow;
  readonly api_key: ApiKeyRow;
  readonly settings: SettingsRow;
}
export type Kind = keyof Rows;

/** A row as it is from now on, under its kind's id. */
export type Put = { [K in Kind]: { readonly op: 'put'; readonly kind: K; readonly row: Rows[K] } }[Kind];
export type Delete = { readonly op: 'delete'; readonly kind: Kind; readonly id: string };
export type Change = Put | Delete;

/** All changes of one committed write, under its revision; revisions have no gaps within an epoch. */
export interface ChangeSet {
  readonly epoch: string;
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly committed_at: number;
  readonly changes: readonly Change[];
}

/** The whole content at one revision. */
export interface Everything {
  readonly epoch: string;
  readonly revision: number;
  readonly puts: readonly Put[];
}

/** The id under which a row is kept; a later row with the same id replaces it. No id holds a `/` of its own. */
export function idOf(put: Put): string {
  switch (put.kind) {
    case 'principal':
      return put.row.principal;
    case 'team_member':
      return pairId(put.row.team, put.row.principal);
    case 'project':
      return put.row.project_id;
    case 'collaborator':
      return pairId(put.row.project_id, put.row.principal);
    case 'team_collaborator':
      return pairId(put.row.project_id, put.row.team);
    case 'model':
      return put.row.model_id;
    case 'api_key':
      return put.row.key_id;
    case 'settings':
      return 'settings';
  }
}

/** The id of a row that joins two things. */
export function pairId(first: string, second: string): string {
  return `${first}/${second}`;
}
