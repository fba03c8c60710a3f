import type { Knex } from 'knex';
import { inStatements } from './in-statements.ts';

/** Inserts what each of the things makes as a row. */
export async function insertRows<T extends object>(
  tx: Knex.Transaction,
  table: string,
  things: readonly T[],
  toRow: (thing: T, at: number) => object = thing => thing,
): Promise<void> {
  for (const some of inStatements(things.entries())) {
    await tx(table).insert(some.map(([at, thing]) => toRow(thing, at)));
  }
}
