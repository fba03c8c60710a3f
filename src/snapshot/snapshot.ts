import type { ModelRow, Permission, PrincipalRow, SettingsRow, TeamMode, Visibility } from '../changes/change-set.ts';
import type { Ref } from './names.ts';

/** What is told of a model: all of its row but the digest. */
export type CalledModel = Omit<ModelRow, 'access_key_digest'>;

/** A model with the numbers under which the snapshot knows its names. */
export interface ModelEntry {
  readonly row: CalledModel;
  readonly name: Ref;
  readonly project: Ref;
}

/** An API key. It reads from the snapshot when it is asked, so it is good for this tick only. */
export interface ApiKeyEntry {
  readonly key_id: string;
  readonly owner: Ref;
  readonly principal: string;
  readonly audiences: readonly string[];
  /** Milliseconds since 1970; that instant counts as expired (B16). null: never. */
  readonly expires_at: number | null;
  readonly isNarrowed: boolean;
  isFor(audience: string): boolean;
  /** Whether the key is not narrowed, or narrowed to this model among others (B44). */
  covers(model: Ref): boolean;
}

/** A project. Its owners are `noRef` where it has none of the kind. */
export interface ProjectEntry {
  readonly ownerUser: Ref;
  readonly ownerTeam: Ref;
  readonly visibility: Visibility;
}

/** A team that was added to a project. */
export interface AddedTeam {
  readonly team: Ref;
  readonly mode: TeamMode;
  readonly permission: Permission;
}

/**
 * What a check reads: facts of the store at one revision. Keys are looked up by digest in its binary form
 * (`lookupDigestOf`), everything else by the numbers of names, which are good for this tick only. Synchronous and total: an
 * unknown thing is undefined. How it lies in memory is the index's affair.
 */
export interface Snapshot {
  readonly epoch: string;
  readonly revision: number;
  /** The number of a name; `unknownRef` where no row has it, under which nothing is found. */
  refOf(name: string): Ref;
  /** The name of a number that this snapshot gave. */
  nameOf(ref: Ref): string;
  modelByAccessKey(digest: string): ModelEntry | undefined;
  model(modelId: string): ModelEntry | undefined;
  apiKey(digest: string): ApiKeyEntry | undefined;
  principal(principal: Ref): PrincipalRow | undefined;
  project(project: Ref): ProjectEntry | undefined;
  /** What the project grants the principal by itself, without owner and teams. */
  collaborator(project: Ref, principal: Ref): Permission | undefined;
  /** Teams that were added to the project, in no order. */
  teamCollaborators(project: Ref): readonly AddedTeam[];
  /** What the principal holds in the team; undefined: no member. */
  teamMember(team: Ref, principal: Ref): Permission | undefined;
  settings(): SettingsRow;
}
