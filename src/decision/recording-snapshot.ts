import type {
  ApiKeyRow,
  ModelRow,
  Permission,
  PrincipalRow,
  ProjectRow,
  SettingsRow,
  TeamCollaboratorRow,
} from '../changes/change-set.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

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
  /** Digests under which a key is looked up that the one who explains knows by its Key ID only. */
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

  modelByAccessKey(digest: string): ModelRow | undefined {
    const model = this.#snapshot.modelByAccessKey(digest);
    return this.#note('model', model?.model_id ?? '', model, modelFacts);
  }

  model(modelId: string): ModelRow | undefined {
    return this.#note('model', modelId, this.#snapshot.model(modelId), modelFacts);
  }

  apiKey(digest: string): ApiKeyRow | undefined {
    const key = this.#snapshot.apiKey(this.#aliases.get(digest) ?? digest);
    return this.#note('api_key', key?.key_id ?? '', key, apiKeyFacts);
  }

  principal(principal: string): PrincipalRow | undefined {
    return this.#note('principal', principal, this.#snapshot.principal(principal), ({ principal_kind, active }) => ({
      principal_kind,
      active,
    }));
  }

  project(projectId: string): ProjectRow | undefined {
    return this.#note('project', projectId, this.#snapshot.project(projectId), project => ({
      owner_user: project.owner_user,
      owner_team: project.owner_team,
      visibility: project.visibility,
    }));
  }

  collaborator(projectId: string, principal: string): Permission | undefined {
    const permission = this.#snapshot.collaborator(projectId, principal);
    return this.#note('collaborator', `${projectId}/${principal}`, permission, held => ({ permission: held }));
  }

  teamCollaborators(projectId: string): Iterable<TeamCollaboratorRow> {
    const teams = [...this.#snapshot.teamCollaborators(projectId)];
    for (const team of teams) {
      const { mode, permission } = team;
      this.#note('team_collaborator', `${projectId}/${team.team}`, team, () => ({ mode, permission }));
    }
    return teams;
  }

  teamMember(team: string, principal: string): Permission | undefined {
    const permission = this.#snapshot.teamMember(team, principal);
    return this.#note('team_member', `${team}/${principal}`, permission, held => ({ permission: held }));
  }

  settings(): SettingsRow {
    return this.#snapshot.settings();
  }

  #note<T>(kind: LookedUp['kind'], id: string, row: T | undefined, facts: (row: T) => Facts): T | undefined {
    this.#rows.push({ kind, id, found: row !== undefined, facts: row === undefined ? {} : facts(row) });
    return row;
  }
}

function modelFacts({ project_id, target, auth_enabled, auth_shadow, stopped }: ModelRow): Facts {
  return { project_id, target, auth_enabled, auth_shadow, stopped };
}

function apiKeyFacts({ principal, audiences, expires_at, models }: ApiKeyRow): Facts {
  // Which models it is narrowed to may be another project's affair; the rule B44 tells whether this one is among them.
  return { principal, audiences, expires_at, narrowed: models !== null };
}
