import type { Knex } from 'knex';

/** Rows per INSERT, so that the values bound stay well below what an engine takes. */
const rowsPerInsert = 100;

export async function insertRows(tx: Knex.Transaction, table: string, rows: readonly object[]): Promise<void> {
  await tx.batchInsert(table, rows as never, rowsPerInsert);
}
