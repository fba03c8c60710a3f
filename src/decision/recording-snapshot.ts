import type { Permission, PrincipalRow, SettingsRow } from '../changes/change-set.ts';
import { noRef, type Ref } from '../snapshot/names.ts';
import type { AddedTeam, ApiKeyEntry, ModelEntry, ProjectEntry, Snapshot } from '../snapshot/snapshot.ts';

/** A row that was looked up: what it says as far as it may be shown, or that it is not there. Never a digest. */
export interface LookedUp {
  readonly kind: 'model' | 'api_key' | 'principal' | 'project' | 'collaborator' | 'team_collaborator' | 'team_member';
  /** Name of the row; empty for a key that is not there, since all that is known of it is a digest. */
  readonly id: string;
  readonly found: boolean;
  readonly facts: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}

type Facts = LookedUp['facts'];

/** A snapshot that notes what was asked of it, so that a decision can be explained by the very rows that made it. */
export class RecordingSnapshot implements Snapshot {
  readonly #snapshot: Snapshot;
  /** Digests, in the form for lookups, under which a key is looked up that the one who explains knows by its Key ID only. */
  readonly #aliases: ReadonlyMap<string, string>;
  #rows: LookedUp[] = [];

  constructor(snapshot: Snapshot, aliases: ReadonlyMap<string, string> = new Map()) {
    this.#snapshot = snapshot;
    this.#aliases = aliases;
  }

  get epoch(): string {
    return this.#snapshot.epoch;
  }

  get revision(): number {
    return this.#snapshot.revision;
  }

  /** What was looked up since the last call, each row once. */
  take(): readonly LookedUp[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows.filter(({ kind, id }, at) => rows.findIndex(row => row.kind === kind && row.id === id) === at);
  }

  refOf(name: string): Ref {
    return this.#snapshot.refOf(name);
  }

  nameOf(ref: Ref): string {
    return this.#snapshot.nameOf(ref);
  }

  modelByAccessKey(digest: string): ModelEntry | undefined {
    const model = this.#snapshot.modelByAccessKey(digest);
    return this.#note('model', model?.row.model_id ?? '', model, modelFacts);
  }

  model(modelId: string): ModelEntry | undefined {
    return this.#note('model', modelId, this.#snapshot.model(modelId), modelFacts);
  }

  apiKey(digest: string): ApiKeyEntry | undefined {
    const key = this.#snapshot.apiKey(this.#aliases.get(digest) ?? digest);
    return this.#note('api_key', key?.key_id ?? '', key, apiKeyFacts);
  }

  principal(principal: Ref): PrincipalRow | undefined {
    const row = this.#snapshot.principal(principal);
    return this.#note('principal', this.nameOf(principal), row, ({ principal_kind, active }) => ({
      principal_kind,
      active,
    }));
  }

  project(project: Ref): ProjectEntry | undefined {
    const entry = this.#snapshot.project(project);
    return this.#note('project', this.nameOf(project), entry, ({ ownerUser, ownerTeam, visibility }) => ({
      owner_user: ownerUser === noRef ? null : this.nameOf(ownerUser),
      owner_team: ownerTeam === noRef ? null : this.nameOf(ownerTeam),
      visibility,
    }));
  }

  collaborator(project: Ref, principal: Ref): Permission | undefined {
    const permission = this.#snapshot.collaborator(project, principal);
    return this.#note('collaborator', this.#pair(project, principal), permission, held => ({ permission: held }));
  }

  teamCollaborators(project: Ref): readonly AddedTeam[] {
    const teams = this.#snapshot.teamCollaborators(project);
    // By name, so that whoever explains a call twice is told the same twice.
    const sorted = teams.map(team => ({ ...team, id: this.#pair(project, team.team) })).sort(byId);
    for (const { id, mode, permission } of sorted) {
      this.#note('team_collaborator', id, true, () => ({ mode, permission }));
    }
    return sorted;
  }

  teamMember(team: Ref, principal: Ref): Permission | undefined {
    const permission = this.#snapshot.teamMember(team, principal);
    return this.#note('team_member', this.#pair(team, principal), permission, held => ({ permission: held }));
  }

  settings(): SettingsRow {
    return this.#snapshot.settings();
  }

  #pair(first: Ref, second: Ref): string {
    return `${this.nameOf(first)}/${this.nameOf(second)}`;
  }

  #note<T>(kind: LookedUp['kind'], id: string, row: T | undefined, facts: (row: T) => Facts): T | undefined {
    this.#rows.push({ kind, id, found: row !== undefined, facts: row === undefined ? {} : facts(row) });
    return row;
  }
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}

function modelFacts({ row }: ModelEntry): Facts {
  const { project_id, target, auth_enabled, auth_shadow, stopped } = row;
  return { project_id, target, auth_enabled, auth_shadow, stopped };
}

function apiKeyFacts({ principal, audiences, expires_at, isNarrowed }: ApiKeyEntry): Facts {
  // Which models it is narrowed to may be another project's affair; the rule B44 tells whether this one is among them.
  return { principal, audiences, expires_at, narrowed: isNarrowed };
}
