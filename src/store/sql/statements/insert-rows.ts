import type { Knex } from 'knex';

/** Rows made and inserted at once: below the number of bound values that SQLite takes, and no long work in one go (T33). */
const rowsPerInsert = 100;

/** Inserts what each of the things makes as a row. */
export async function insertRows<T extends object>(
  tx: Knex.Transaction,
  table: string,
  things: readonly T[],
  toRow: (thing: T, at: number) => object = thing => thing,
): Promise<void> {
  for (let at = 0; at < things.length; at += rowsPerInsert) {
    await tx(table).insert(things.slice(at, at + rowsPerInsert).map((thing, each) => toRow(thing, at + each)));
  }
}
