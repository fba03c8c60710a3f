import type { Kind } from '../../../changes/change-set.ts';
import { noValue } from '../../../changes/packed-row.ts';

/** Where the rows of a kind lie, and how they are read many at a time. */
export interface Source {
  readonly kind: Exclude<Kind, 'settings'>;
  readonly table: string;
  /** Columns that make a row's id. */
  readonly id: readonly string[];
  /** The fields of the packed row in their order, in SQL: none is ever null, whatever a hand or a bad disk made of the columns. */
  readonly fields: readonly string[];
  /** Only rows of which this holds, in SQL, are there for a check. */
  readonly where: string;
  /** Number of the field that is a secret, of which a check reads the digest. */
  readonly secret?: number;
}

/** One page of a table. */
export interface Page {
  /** Packed rows, with the fields of the source. */
  readonly rows: string;
  /** Where the next page begins; undefined: there is none. */
  readonly next: number | undefined;
}

/**
 * Reads the rows that come after a mark, or the first ones after 0, in one statement. An engine's own way is many times
 * faster than row by row. `marked` asks for each row's own mark in place of its check: an update by it looks for nothing.
 */
export type ReadPage<Tx> = (tx: Tx, source: Source, after: number, marked?: 'marked') => Promise<Page>;

const text = (column: string) => `coalesce(${column}, '')`;
const textOrNull = (column: string) => `coalesce(${column}, char(${noValue.charCodeAt(0)}))`;
const flag = (column: string) => `case ${column} when 0 then '0' when 1 then '1' else '' end`;

export const sources: readonly Source[] = [
  {
    kind: 'principal',
    table: 'principals',
    id: ['principal'],
    fields: [text('principal'), text('kind'), "case deactivated when 0 then '1' when 1 then '0' else '' end"],
    where: 'true',
  },
  {
    kind: 'team_member',
    table: 'team_members',
    id: ['team', 'username'],
    fields: [text('team'), text('username'), text('permission')],
    where: 'true',
  },
  {
    kind: 'project',
    table: 'projects',
    id: ['project_id'],
    fields: [text('project_id'), textOrNull('owner_user'), textOrNull('owner_team'), text('visibility')],
    where: 'true',
  },
  {
    kind: 'collaborator',
    table: 'collaborators',
    id: ['project_id', 'principal'],
    fields: [text('project_id'), text('principal'), text('permission')],
    where: 'true',
  },
  {
    kind: 'team_collaborator',
    table: 'team_collaborators',
    id: ['project_id', 'team'],
    fields: [text('project_id'), text('team'), text('mode'), text('permission')],
    where: 'true',
  },
  {
    kind: 'model',
    table: 'models',
    id: ['model_id'],
    fields: [
      ...['model_id', 'project_id', 'access_key', 'target'].map(text),
      ...['auth_enabled', 'auth_shadow'].map(flag),
      "case state when 'stopped' then '1' else '0' end",
    ],
    secret: 2,
    where: 'true',
  },
  {
    kind: 'api_key',
    table: 'api_keys',
    id: ['key_id'],
    fields: [
      ...['key_id', 'digest', 'principal', 'audiences'].map(text),
      textOrNull('expires_at'),
      textOrNull('models'),
    ],
    where: 'ended_at is null',
  },
];
