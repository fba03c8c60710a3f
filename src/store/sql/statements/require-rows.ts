import type { Knex } from 'knex';
import { StoreError } from '../../store-error.ts';
import { inChunks } from './in-chunks.ts';

/** Where something that is named must stand, and what it is called where it does not. */
interface Expected {
  readonly table: string;
  readonly column: string;
  readonly where?: object;
  readonly what: string;
}

export const aUser: Expected = { table: 'principals', column: 'principal', where: { kind: 'user' }, what: 'user' };
export const aPrincipal: Expected = { table: 'principals', column: 'principal', what: 'user or application' };
export const aTeam: Expected = { table: 'teams', column: 'team', what: 'team' };
export const aProject: Expected = { table: 'projects', column: 'project_id', what: 'project' };

/** Rejects with `not_found` where one of the names is not there. */
export async function requireRows(
  tx: Knex,
  { table, column, where = {}, what }: Expected,
  names: readonly string[],
): Promise<void> {
  const wanted = [...new Set(names)];
  const rows = await inChunks(wanted, chunk => tx(table).where(where).whereIn(column, chunk).select(column));
  if (rows.length < wanted.length) {
    const found = new Set(rows.map(row => row[column]));
    throw new StoreError('not_found', `there is no ${what} ${wanted.find(name => !found.has(name))}`);
  }
}
