import type { Knex } from 'knex';
import { inStatements } from './in-statements.ts';

/** Columns by what they hold: bound values have no type of their own. */
export type Columns = Readonly<Record<string, 'text' | 'bigint'>>;

export interface RowUpdates {
  readonly table: string;
  /** Columns by which a row is found, and those that are written. */
  readonly id: Columns;
  readonly set: Columns;
}

/**
 * Updates many rows, each to its own values, those of `id` first; each row once. That the ids are asked for twice is
 * for SQLite: else it reads the whole table for each statement, and takes hours for a large one.
 */
export async function updateRows(
  tx: Knex.Transaction,
  { table, id, set }: RowUpdates,
  rows: Iterable<readonly (string | number | null)[]>,
): Promise<void> {
  const columns = Object.entries({ ...id, ...set });
  const names = columns.map(([name]) => `to_${name}`);
  const values = `(${columns.map(([, type]) => `cast(? as ${type})`).join(', ')})`;
  const ids = Object.keys(id);
  const written = Object.keys(set).map(name => `${name} = made.to_${name}`);
  const same = ids.map(name => `${table}.${name} = made.to_${name}`);
  const own = ids.map(name => `${table}.${name}`);
  const made = ids.map(name => `to_${name}`);
  for (const some of inStatements(rows)) {
    await tx.raw(
      `with made (${names.join(', ')}) as (values ${some.map(() => values).join(', ')})
       update ${table} set ${written.join(', ')} from made
       where ${same.join(' and ')} and (${own.join(', ')}) in (select ${made.join(', ')} from made)`,
      some.flat(),
    );
  }
}
