import type { Permission, TeamMode, Visibility } from '../changes/change-set.ts';
import type { PageQuery } from './page-query.ts';
import type { CollaboratorRecord, ProjectRecord, TeamCollaboratorRecord } from './records.ts';

/** What a store holds of projects and of who was added to them. */

/** Each narrows; what is absent asks for nothing. */
export interface ProjectFilter {
  readonly visibility?: Visibility | undefined;
  readonly owner_user?: string | undefined;
  readonly owner_team?: string | undefined;
  /** A user or application that was added to it, or is a member of a team that was, or of the team whose it is, if it is open to that one. */
  readonly collaborator?: string | undefined;
}

/** A collaborator as lists show it. */
export interface ListedCollaborator extends CollaboratorRecord {
  readonly kind: 'user' | 'application';
}

/** What opens a project to one principal, beside its owner and visibility. */
export interface StandingRecord {
  /** What it holds as collaborator; undefined: it is none. */
  readonly collaborator: Permission | undefined;
  /** Teams added to the project that it is a member of, with what it holds in each. */
  readonly teams: readonly { readonly mode: TeamMode; readonly permission: Permission; readonly held: Permission }[];
}

export interface ProjectReads {
  findProject(projectId: string): Promise<ProjectRecord | undefined>;
  /** Those of the ids that are projects, by their id. */
  findProjects(projectIds: readonly string[]): Promise<ReadonlyMap<string, ProjectRecord>>;
  /** By indexes alone, however many collaborators and teams there are. */
  findStanding(projectId: string, principal: string): Promise<StandingRecord>;
  /** Whether the audit knows of a project by this id, a deleted one too. */
  wasProject(projectId: string): Promise<boolean>;
  /** Ids of before that are equal but for case, `limit` of them at most. */
  findUnclearProjectIds(limit: number): Promise<string[]>;
  /** Sorted by project_id, name or created_at. */
  listProjects(page: PageQuery, filter?: ProjectFilter): Promise<ProjectRecord[]>;
  /** In the order of their names. */
  listCollaborators(projectId: string, page: PageQuery): Promise<ListedCollaborator[]>;
  /** In the order of the teams' names. */
  listTeamCollaborators(projectId: string, page: PageQuery): Promise<TeamCollaboratorRecord[]>;
  /** Every collaborator of the projects named, or of all projects. */
  findCollaborators(projectIds?: readonly string[]): Promise<CollaboratorRecord[]>;
  /** Every team added to the projects named, or to any project. */
  findTeamCollaborators(projectIds?: readonly string[]): Promise<TeamCollaboratorRecord[]>;
}

export interface ProjectWrites {
  /** The project counts for the quota of `maker`; absent: of nobody. Rejects with `conflict` where a project has the id, in whatever case (B49); with `not_found` for an unknown owner. */
  insertProject(project: ProjectRecord, maker?: string): Promise<void>;
  /** The same of many at once, which count for nobody. */
  insertProjects(projects: readonly ProjectRecord[]): Promise<void>;
  /** Rejects with `not_found`. */
  updateProject(projectId: string, changes: Partial<Omit<ProjectRecord, 'project_id' | 'created_at'>>): Promise<void>;
  /** Rejects with `not_found`; with `has_dependents` while it has models. Its collaborators and teams go with it. */
  deleteProject(projectId: string): Promise<void>;
  /** Rejects with `not_found` for an unknown project or principal. */
  putCollaborator(projectId: string, principal: string, permission: Permission): Promise<void>;
  /** The same of many at once, each of them once. */
  putCollaborators(collaborators: readonly CollaboratorRecord[]): Promise<void>;
  /** Rejects with `not_found`. */
  deleteCollaborator(projectId: string, principal: string): Promise<void>;
  /** Rejects with `not_found` for an unknown project or team. */
  putTeamCollaborator(projectId: string, team: string, mode: TeamMode, permission: Permission): Promise<void>;
  /** The same of many at once, each of them once. */
  putTeamCollaborators(added: readonly TeamCollaboratorRecord[]): Promise<void>;
  /** Rejects with `not_found`. */
  deleteTeamCollaborator(projectId: string, team: string): Promise<void>;
}
