import { setImmediate } from 'node:timers/promises';
import type { Knex } from 'knex';
import { type Change, idOf, type Kind, type Put } from '../../../changes/change-set.ts';
import { fieldNames } from '../../../changes/parse-change.ts';
import { rowCheckOf, rowHash } from '../../../changes/row-hash.ts';
import { digestOf } from '../../../keys/digest.ts';
import { defaultSettings } from '../../default-settings.ts';
import { inStatements } from '../statements/in-statements.ts';
import { updateRows } from '../statements/update-rows.ts';
import { type Source, sources } from './content.ts';
import { settingsPut } from './to-rows.ts';

/**
 * A hash of each row as a check reads it, kept in the row: one that a bad disk or a hand has changed does not
 * fit it, and is left out (T40). SQLite itself has no checksums in its database. Against damage, not
 * against whoever can write both.
 */

/** Changes looked at before checks have their turn (T33). */
const changesPerTurn = 1000;

/** How checks are made: of the hash of a packed row. */
const checkForm = 'packed row, 52 bits';

/**
 * Changes with the form, with the fields that a check reads, and with what holds where nothing is written: then all
 * checks are made anew.
 */
export const rowForm = digestOf(JSON.stringify([checkForm, fieldNames, settingsPut(defaultSettings)])).slice(0, 16);

export function rowCheck(put: Put): number {
  return rowCheckOf(rowHash(put));
}

/** Writes what the changes of one transaction leave. */
export async function writeRowChecks(tx: Knex.Transaction, changes: readonly Change[]): Promise<void> {
  const { puts, endedKeys } = await lastOfEachRow(changes);
  for (const put of puts.get('settings')?.values() ?? []) {
    await tx('store_state').update({ settings_check: rowCheck(put) });
  }
  for (const source of sources) {
    await setRowChecks(tx, source, puts.get(source.kind)?.values() ?? []);
  }
  // Rows of ended keys stay, and must not come back to life by a hand or a bad disk.
  for (const ids of inStatements(endedKeys)) {
    await tx('api_keys').whereIn('key_id', ids).update({ row_check: null });
  }
}

/** What changes leave of rows, by kind and id, and the Key IDs that they end. */
interface Left {
  readonly puts: ReadonlyMap<Kind, ReadonlyMap<string, Put>>;
  readonly endedKeys: ReadonlySet<string>;
}

async function lastOfEachRow(changes: readonly Change[]): Promise<Left> {
  const puts = new Map<Kind, Map<string, Put>>();
  const endedKeys = new Set<string>();
  for (const [at, change] of changes.entries()) {
    const rows = puts.get(change.kind) ?? new Map<string, Put>();
    puts.set(change.kind, rows);
    const id = idOfChange(change);
    if (change.op === 'put') {
      rows.set(id, change);
    } else {
      rows.delete(id);
    }
    if (change.kind === 'api_key') {
      endedKeys[change.op === 'put' ? 'delete' : 'add'](id);
    }
    if (at % changesPerTurn === 0) {
      await setImmediate();
    }
  }
  return { puts, endedKeys };
}

/** Gives rows of one table their checks, made only when their turn comes (T33). */
async function setRowChecks(tx: Knex.Transaction, source: Source, puts: Iterable<Put>): Promise<void> {
  const id = Object.fromEntries(source.id.map(column => [column, 'text' as const]));
  await updateRows(tx, { table: source.table, id, set: { row_check: 'bigint' } }, checksOf(puts));
}

function* checksOf(puts: Iterable<Put>): Generator<(string | number)[]> {
  for (const put of puts) {
    yield [...idOf(put).split('/'), rowCheck(put)];
  }
}

/** Gives rows their checks by their own numbers; null: none. */
export async function setChecksAt(
  tx: Knex.Transaction,
  { table }: Source,
  checks: readonly (readonly [mark: number, check: number | null])[],
): Promise<void> {
  await tx.raw(
    `update ${table} set row_check = made.made_check from (
      select value ->> 0 as made_mark, value ->> 1 as made_check from json_each(?)
    ) as made where ${table}.rowid = made.made_mark`,
    [JSON.stringify(checks)],
  );
}

/** What a query answered, without the checks of its rows: they are no part of any record. */
export function withoutRowChecks(answer: unknown): unknown {
  for (const row of Array.isArray(answer) ? answer : [answer]) {
    if (typeof row !== 'object' || row === null || !('row_check' in row)) {
      break;
    }
    delete row.row_check;
  }
  return answer;
}

export function idOfChange(change: Change): string {
  return change.op === 'delete' ? change.id : idOf(change);
}
