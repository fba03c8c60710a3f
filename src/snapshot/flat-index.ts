import {
  type Change,
  type Everything,
  idOf,
  type Kind,
  type Permission,
  type PrincipalRow,
  type Put,
  type SettingsRow,
} from '../changes/change-set.ts';
import type { PackedRows } from '../changes/packed-rows.ts';
import { type RowHash, rowHash } from '../changes/row-hash.ts';
import { rowsPerChunk } from './columns/word-rows.ts';
import { FlatApiKey } from './flat-api-key.ts';
import { FlatRows, modeOf, permissionOf } from './flat-rows.ts';
import type { Ref } from './names.ts';
import type { AddedTeam, ApiKeyEntry, ModelEntry, ProjectEntry, Snapshot } from './snapshot.ts';

export interface FlatIndexOptions {
  readonly epoch: string;
  readonly revision: number;
  /** Rows in a chunk of a column, a power of two; tests take few, so that small sites fill many. */
  readonly chunkRows?: number | undefined;
}

const defaultSettings: SettingsRow = { stale_after_seconds: 0 };
const kinds: readonly Kind[] = [
  'principal',
  'team_member',
  'project',
  'collaborator',
  'team_collaborator',
  'model',
  'api_key',
  'settings',
];

/**
 * A snapshot in flat columns outside the JavaScript heap, so that a million keys lengthen no garbage
 * collection (T50). Changes are applied in place and in one tick, so a check, which never waits in its
 * middle, sees all of a change set or nothing of it (B33).
 */
export class FlatIndex implements Snapshot {
  readonly epoch: string;
  #revision: number;
  readonly #rows: FlatRows;
  #hashLow = 0;
  #hashHigh = 0;

  /** An index without rows, to be filled by `put` before anybody reads it. */
  constructor({ epoch, revision, chunkRows = rowsPerChunk }: FlatIndexOptions) {
    this.epoch = epoch;
    this.#revision = revision;
    this.#rows = new FlatRows(chunkRows);
  }

  /** Builds an index from the whole content of a store. */
  static build({ epoch, revision, puts }: Everything, chunkRows?: number): FlatIndex {
    const index = new FlatIndex({ epoch, revision, chunkRows });
    for (const put of puts) {
      index.put(put);
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
        this.#remove(change.kind, this.#rows.find(change.kind, change.id));
      } else {
        this.put(change);
      }
    }
    this.#revision = revision;
  }

  /** A row as it is from now on, in place of an earlier one of its id; for an index that is being built. */
  put(put: Put): void {
    this.#remove(put.kind, this.#rows.findReplaced(put));
    this.#rows.add(put);
    this.#addHash(rowHash(put), 1);
  }

  /** Makes place for that many rows of each kind, so that no table grows while they come; for an index that is being built. */
  expect(counts: Partial<Record<Kind, number>>): void {
    this.#rows.expect(counts);
  }

  /**
   * What `put` does for each of the next rows, many times faster. Leaves out what is not whole, and answers how many rows
   * those were.
   */
  fill(rows: PackedRows, count: number): number {
    let rejected = 0;
    for (let row = 0; row < count && rows.next(); row += 1) {
      if (rows.isUsual && rows.isWhole && this.#rows.fill(rows)) {
        this.#addHash(rows.hash, 1);
        continue;
      }
      const put = rows.toPut();
      if (put) {
        this.put(put);
      } else {
        rejected += 1;
      }
    }
    return rejected;
  }

  refOf(name: string): Ref {
    return this.#rows.names.find(name);
  }

  nameOf(ref: Ref): string {
    return ref > 0 ? this.#rows.names.text(ref) : '';
  }

  modelByAccessKey(digest: string): ModelEntry | undefined {
    const row = this.#rows.models.byDigest.find(digest);
    return row === 0 ? undefined : this.#rows.models.entry(row);
  }

  model(modelId: string): ModelEntry | undefined {
    const row = this.#rows.models.find(this.refOf(modelId));
    return row === 0 ? undefined : this.#rows.models.entry(row);
  }

  apiKey(digest: string): ApiKeyEntry | undefined {
    const row = this.#rows.apiKeys.byDigest.find(digest);
    return row === 0 ? undefined : new FlatApiKey(this.#rows, row);
  }

  /** Whether calls that name this key or model are another row's as yet: its digest moves. */
  takesFromAnother(put: Put): boolean {
    const tables = { api_key: this.#rows.apiKeys, model: this.#rows.models };
    if (put.kind !== 'api_key' && put.kind !== 'model') {
      return false;
    }
    const hex = put.kind === 'api_key' ? put.row.digest : put.row.access_key_digest;
    const row = tables[put.kind].byDigest.find(Buffer.from(hex, 'hex').toString('latin1'));
    return row !== 0 && row !== this.#rows.findReplaced(put);
  }

  principal(principal: Ref): PrincipalRow | undefined {
    return this.#rows.principals.has(principal) ? this.#rows.principals.read(principal) : undefined;
  }

  project(project: Ref): ProjectEntry | undefined {
    const { projects } = this.#rows;
    const row = projects.find(project);
    return row === 0
      ? undefined
      : {
          ownerUser: projects.ownerUser(row),
          ownerTeam: projects.ownerTeam(row),
          visibility: projects.visibility(row),
        };
  }

  collaborator(project: Ref, principal: Ref): Permission | undefined {
    return permissionOf(this.#rows.collaborators.value(project, principal));
  }

  teamCollaborators(project: Ref): readonly AddedTeam[] {
    const teams: AddedTeam[] = [];
    this.#rows.teamCollaborators.list(project, (team, value) => {
      teams.push({ team, mode: modeOf(value), permission: permissionOf(value) as Permission });
    });
    return teams;
  }

  teamMember(team: Ref, principal: Ref): Permission | undefined {
    return permissionOf(this.#rows.teamMembers.value(team, principal));
  }

  settings(): SettingsRow {
    return this.#rows.settings ?? defaultSettings;
  }

  /** Number of rows by kind, for the metric. */
  counts(): Record<Kind, number> {
    return Object.fromEntries(kinds.map(kind => [kind, this.#rows.count(kind)])) as Record<Kind, number>;
  }

  /**
   * 64 bits in hex that tell contents apart, whatever order they came in: two copies of one store at one revision
   * have the same. Kept with every change, so it costs nothing to ask.
   */
  stateHash(): string {
    return [this.#hashHigh, this.#hashLow].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** Every row, ordered by kind and id: two indexes with the same content answer the same list. */
  everything(): Everything {
    const puts = kinds.flatMap(kind => {
      const all = [...this.#rows.all(kind)].map(row => this.#rows.read(kind, row));
      return all.map(put => ({ id: idOf(put), put })).sort((one, other) => (one.id < other.id ? -1 : 1));
    });
    return { epoch: this.epoch, revision: this.#revision, puts: puts.map(({ put }) => put) };
  }

  #remove(kind: Kind, row: number): void {
    if (row !== 0) {
      this.#addHash(rowHash(this.#rows.read(kind, row)), -1);
      this.#rows.remove(kind, row);
    }
  }

  /** A sum does not ask in what order rows came, and what was added can be taken away. */
  #addHash({ low, high }: RowHash, sign: 1 | -1): void {
    this.#hashLow = (this.#hashLow + sign * low) | 0;
    this.#hashHigh = (this.#hashHigh + sign * high) | 0;
  }
}
