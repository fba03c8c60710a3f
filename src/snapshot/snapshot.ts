import type {
  ApiKeyRow,
  ModelRow,
  Permission,
  PrincipalRow,
  ProjectRow,
  SettingsRow,
  TeamCollaboratorRow,
} from '../changes/change-set.ts';

/**
 * What a check reads: facts of the store at one revision, looked up by digest or id. Synchronous and
 * total; an unknown thing is undefined. How it lies in memory is the index's affair.
 */
export interface Snapshot {
  readonly epoch: string;
  readonly revision: number;
  modelByAccessKey(digest: string): ModelRow | undefined;
  model(modelId: string): ModelRow | undefined;
  apiKey(digest: string): ApiKeyRow | undefined;
  principal(principal: string): PrincipalRow | undefined;
  project(projectId: string): ProjectRow | undefined;
  /** What the project grants the principal by itself, without owner and teams. */
  collaborator(projectId: string, principal: string): Permission | undefined;
  /** Teams that were added to the project. */
  teamCollaborators(projectId: string): Iterable<TeamCollaboratorRow>;
  /** What the principal holds in the team; undefined: no member. */
  teamMember(team: string, principal: string): Permission | undefined;
  settings(): SettingsRow;
}
