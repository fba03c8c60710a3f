import {
  type ApiKeyRow,
  type Change,
  type Everything,
  idOf,
  type Kind,
  type ModelRow,
  type Permission,
  type PrincipalRow,
  type ProjectRow,
  type Put,
  pairId,
  type SettingsRow,
  type TeamCollaboratorRow,
} from '../../src/changes/change-set.ts';

type Tables = { readonly [K in Kind]: Map<string, Extract<Put, { kind: K }>['row']> };

const defaultSettings: SettingsRow = { stale_after_seconds: 0 };

/** An index of simple maps: what the real one must answer, written so that it is plain to see. */
export class MapIndex {
  readonly epoch: string;
  #revision: number;
  readonly #tables: Tables = {
    principal: new Map(),
    team_member: new Map(),
    project: new Map(),
    collaborator: new Map(),
    team_collaborator: new Map(),
    model: new Map(),
    api_key: new Map(),
    settings: new Map(),
  };
  readonly #modelByAccessKey = new Map<string, ModelRow>();
  readonly #apiKeyByDigest = new Map<string, ApiKeyRow>();
  readonly #teamsByProject = new Map<string, Map<string, TeamCollaboratorRow>>();

  private constructor(epoch: string, revision: number) {
    this.epoch = epoch;
    this.#revision = revision;
  }

  /** Builds an index from the whole content of a store. */
  static build(everything: Everything): MapIndex {
    const index = new MapIndex(everything.epoch, everything.revision);
    for (const put of everything.puts) {
      index.#put(put);
    }
    return index;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Applies the changes of the next revision; the caller has checked that it is the next, and every change whole. */
  apply(revision: number, changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.op === 'delete') {
        this.#delete(change.kind, change.id);
      } else {
        this.#put(change);
      }
    }
    this.#revision = revision;
  }

  modelByAccessKey(digest: string): ModelRow | undefined {
    return this.#modelByAccessKey.get(digest);
  }

  model(modelId: string): ModelRow | undefined {
    return this.#tables.model.get(modelId);
  }

  apiKey(digest: string): ApiKeyRow | undefined {
    return this.#apiKeyByDigest.get(digest);
  }

  principal(principal: string): PrincipalRow | undefined {
    return this.#tables.principal.get(principal);
  }

  project(projectId: string): ProjectRow | undefined {
    return this.#tables.project.get(projectId);
  }

  collaborator(projectId: string, principal: string): Permission | undefined {
    return this.#tables.collaborator.get(pairId(projectId, principal))?.permission;
  }

  teamCollaborators(projectId: string): Iterable<TeamCollaboratorRow> {
    return this.#teamsByProject.get(projectId)?.values() ?? [];
  }

  teamMember(team: string, principal: string): Permission | undefined {
    return this.#tables.team_member.get(pairId(team, principal))?.permission;
  }

  settings(): SettingsRow {
    return this.#tables.settings.get('settings') ?? defaultSettings;
  }

  /** Number of rows by kind, for the metric. */
  counts(): Record<Kind, number> {
    const counts = {} as Record<Kind, number>;
    for (const kind of Object.keys(this.#tables) as Kind[]) {
      counts[kind] = this.#tables[kind].size;
    }
    return counts;
  }

  /** Every row, ordered by kind and id: two indexes with the same content answer the same list. */
  everything(): Everything {
    const puts: Put[] = [];
    for (const kind of Object.keys(this.#tables) as Kind[]) {
      const table = this.#tables[kind];
      for (const id of [...table.keys()].sort()) {
        puts.push({ op: 'put', kind, row: table.get(id) } as Put);
      }
    }
    return { epoch: this.epoch, revision: this.#revision, puts };
  }

  #put(put: Put): void {
    const id = idOf(put);
    this.#unlink(put.kind, id);
    (this.#tables[put.kind] as Map<string, unknown>).set(id, put.row);
    if (put.kind === 'model') {
      this.#modelByAccessKey.set(put.row.access_key_digest, put.row);
    } else if (put.kind === 'api_key') {
      this.#apiKeyByDigest.set(put.row.digest, put.row);
    } else if (put.kind === 'team_collaborator') {
      const teams = this.#teamsByProject.get(put.row.project_id) ?? new Map<string, TeamCollaboratorRow>();
      this.#teamsByProject.set(put.row.project_id, teams.set(put.row.team, put.row));
    }
  }

  #delete(kind: Kind, id: string): void {
    this.#unlink(kind, id);
    this.#tables[kind].delete(id);
  }

  /** Takes a row out of the lookups that are not by its id. A lookup that another row has taken over is left alone. */
  #unlink(kind: Kind, id: string): void {
    if (kind === 'model') {
      const old = this.#tables.model.get(id);
      if (old && this.#modelByAccessKey.get(old.access_key_digest) === old) {
        this.#modelByAccessKey.delete(old.access_key_digest);
      }
    } else if (kind === 'api_key') {
      const old = this.#tables.api_key.get(id);
      if (old && this.#apiKeyByDigest.get(old.digest) === old) {
        this.#apiKeyByDigest.delete(old.digest);
      }
    } else if (kind === 'team_collaborator') {
      const old = this.#tables.team_collaborator.get(id);
      const teams = old && this.#teamsByProject.get(old.project_id);
      if (old && teams) {
        teams.delete(old.team);
        if (teams.size === 0) {
          this.#teamsByProject.delete(old.project_id);
        }
      }
    }
  }
}
