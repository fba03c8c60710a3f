import {
  idOf,
  type Kind,
  type Permission,
  type Put,
  type SettingsRow,
  type TeamCollaboratorRow,
  type TeamMode,
} from '../changes/change-set.ts';
import type { PackedRows } from '../changes/packed-rows.ts';
import { ApiKeys } from './api-keys.ts';
import { Texts } from './columns/texts.ts';
import { Models } from './models.ts';
import { Names } from './names.ts';
import { Words } from './packed-fields.ts';
import { Pairs } from './pairs.ts';
import { Principals } from './principals.ts';
import { Projects } from './projects.ts';

const permissions: readonly Permission[] = ['business_user', 'read', 'operator', 'write', 'admin'];
const permissionWords = new Words(permissions);
const modes: readonly TeamMode[] = ['inherit', 'override'];
/** Permissions of a pair stand below; a team's mode above them. */
const modeShift = 3;

/** All rows of an index by kind: how a row of plain data becomes one of columns, and the way back. */
export class FlatRows {
  readonly names: Names;
  readonly principals: Principals;
  readonly projects: Projects;
  readonly models: Models;
  readonly apiKeys: ApiKeys;
  readonly collaborators: Pairs;
  readonly teamCollaborators: Pairs;
  readonly teamMembers: Pairs;
  settings: SettingsRow | undefined;
  readonly #tables: Tables;

  constructor(chunkRows: number) {
    const texts = new Texts();
    const names = new Names(texts, chunkRows);
    this.names = names;
    this.principals = new Principals(names);
    this.projects = new Projects(names, chunkRows);
    this.models = new Models(names, chunkRows);
    this.apiKeys = new ApiKeys(texts, names, chunkRows);
    this.collaborators = new Pairs({ names, chunkRows, listed: false });
    this.teamCollaborators = new Pairs({ names, chunkRows, listed: true });
    this.teamMembers = new Pairs({ names, chunkRows, listed: false });
    this.#tables = {
      principal: this.principals,
      project: this.projects,
      model: this.models,
      api_key: this.apiKeys,
      collaborator: this.collaborators,
      team_collaborator: this.teamCollaborators,
      team_member: this.teamMembers,
    };
  }

  count(kind: Kind): number {
    return kind === 'settings' ? Number(this.settings !== undefined) : this.#tables[kind].count;
  }

  /** Makes place for that many rows of each kind, while there is none. */
  expect(counts: Partial<Record<Kind, number>>): void {
    const { principal = 0, project = 0, model = 0 } = counts;
    this.names.expect(principal + project + model);
    this.models.expect(model);
    this.apiKeys.expect(counts.api_key ?? 0);
    this.collaborators.expect(counts.collaborator ?? 0);
    this.teamMembers.expect(counts.team_member ?? 0);
    this.teamCollaborators.expect(counts.team_collaborator ?? 0);
  }

  /** Adds a row as it lies in a page, where it is of the usual form and its id is not there yet; else answers false. */
  fill(row: PackedRows): boolean {
    switch (row.kind) {
      case 'principal':
        return this.principals.fill(row);
      case 'api_key':
        return this.apiKeys.fill(row);
      case 'collaborator':
        return this.collaborators.fill(row, permissionWords.find(row, 2));
      case 'team_member':
        return this.teamMembers.fill(row, permissionWords.find(row, 2));
      case 'project':
        return this.projects.fill(row);
      case 'model':
        return this.models.fill(row);
      default:
        // There are few of the others.
        return false;
    }
  }

  /** Adds a row whose id is not there yet. */
  add(put: Put): void {
    switch (put.kind) {
      case 'principal':
        this.principals.add(put.row);
        break;
      case 'project':
        this.projects.add(put.row);
        break;
      case 'model':
        this.models.add(put.row);
        break;
      case 'api_key':
        this.apiKeys.add(put.row);
        break;
      case 'collaborator':
        this.collaborators.add(put.row.project_id, put.row.principal, permissions.indexOf(put.row.permission));
        break;
      case 'team_member':
        this.teamMembers.add(put.row.team, put.row.principal, permissions.indexOf(put.row.permission));
        break;
      case 'team_collaborator':
        this.teamCollaborators.add(put.row.project_id, put.row.team, modeAndPermission(put.row));
        break;
      case 'settings': {
        const { stale_after_seconds } = put.row;
        this.settings = { stale_after_seconds };
      }
    }
  }

  /** The number of a row; 0: there is none of the id. */
  find(kind: Kind, id: string): number {
    switch (kind) {
      case 'principal': {
        const ref = this.names.find(id);
        return this.principals.has(ref) ? ref : 0;
      }
      case 'project':
        return this.projects.find(this.names.find(id));
      case 'model':
        return this.models.find(this.names.find(id));
      case 'api_key':
        return this.apiKeys.find(id);
      case 'settings':
        return Number(this.settings !== undefined);
      default: {
        const cut = id.indexOf('/');
        return this.#findPair(this.#tables[kind], id.slice(0, cut), id.slice(cut + 1));
      }
    }
  }

  /** The number of the row that a new one replaces; 0: there is none. */
  findReplaced(put: Put): number {
    switch (put.kind) {
      case 'collaborator':
        return this.#findPair(this.collaborators, put.row.project_id, put.row.principal);
      case 'team_collaborator':
        return this.#findPair(this.teamCollaborators, put.row.project_id, put.row.team);
      case 'team_member':
        return this.#findPair(this.teamMembers, put.row.team, put.row.principal);
      default:
        return this.find(put.kind, idOf(put));
    }
  }

  remove(kind: Kind, row: number): void {
    if (kind === 'settings') {
      this.settings = undefined;
    } else {
      this.#tables[kind].remove(row);
    }
  }

  /** The row as plain data. */
  read(kind: Kind, row: number): Put {
    switch (kind) {
      case 'settings':
        return { op: 'put', kind, row: this.settings as SettingsRow };
      case 'principal':
      case 'project':
      case 'model':
      case 'api_key':
        return { op: 'put', kind, row: this.#tables[kind].read(row) } as Put;
      default:
        return this.#readPair(kind, row);
    }
  }

  /** The number of each row of a kind, in no order. */
  *all(kind: Kind): Iterable<number> {
    if (kind === 'settings') {
      yield* this.settings ? [1] : [];
    } else {
      yield* this.#tables[kind].all();
    }
  }

  #findPair(pairs: Pairs, first: string, second: string): number {
    return pairs.find(this.names.find(first), this.names.find(second));
  }

  #readPair(kind: 'team_member' | 'collaborator' | 'team_collaborator', row: number): Put {
    const pairs = this.#tables[kind];
    const first = this.names.text(pairs.firstOf(row));
    const second = this.names.text(pairs.secondOf(row));
    const permission = permissionOf(pairs.valueOf(row)) as Permission;
    switch (kind) {
      case 'team_member':
        return { op: 'put', kind, row: { team: first, principal: second, permission } };
      case 'collaborator':
        return { op: 'put', kind, row: { project_id: first, principal: second, permission } };
      case 'team_collaborator':
        return {
          op: 'put',
          kind,
          row: { project_id: first, team: second, mode: modeOf(pairs.valueOf(row)), permission },
        };
    }
  }
}

interface Tables {
  readonly principal: Principals;
  readonly project: Projects;
  readonly model: Models;
  readonly api_key: ApiKeys;
  readonly collaborator: Pairs;
  readonly team_collaborator: Pairs;
  readonly team_member: Pairs;
}

/** The permission in what a pair is worth; undefined for a pair that is not there. */
export function permissionOf(value: number): Permission | undefined {
  return value < 0 ? undefined : permissions[value & ((1 << modeShift) - 1)];
}

export function modeOf(value: number): TeamMode {
  return modes[value >>> modeShift] as TeamMode;
}

function modeAndPermission({ mode, permission }: TeamCollaboratorRow): number {
  return permissions.indexOf(permission) | (modes.indexOf(mode) << modeShift);
}
