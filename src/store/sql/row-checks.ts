import type { Knex } from 'knex';
import { type Change, idOf, type Kind, type Put } from '../../changes/change-set.ts';
import { fieldNames } from '../../changes/parse-change.ts';
import { digestOf } from '../../keys/digest.ts';
import { defaultSettings } from '../default-settings.ts';
import { settingsPut } from './to-rows.ts';

/**
 * A short digest of each row as a check reads it, kept beside the rows: a row that a bad disk or a hand has
 * changed does not fit it, and is left out (T40). SQLite itself has no checksums in its database. Against damage, not
 * against whoever can write both.
 */

/** Rows per statement: three values each. */
const rowsPerStatement = 300;

/** Changes with the fields that a check reads, and with what holds where nothing is written: then all digests are made anew. */
export const rowForm = digestOf(JSON.stringify([fieldNames, settingsPut(defaultSettings)])).slice(0, 16);

export function rowCheck({ kind, row }: Put): string {
  const values = fieldNames[kind].map(name => (row as unknown as Record<string, unknown>)[name]);
  return digestOf(JSON.stringify(values)).slice(0, 16);
}

/** Writes what the changes of one transaction leave. */
export async function writeRowChecks(tx: Knex.Transaction, changes: readonly Change[]): Promise<void> {
  const last = new Map(changes.map(change => [`${change.kind} ${idOfChange(change)}`, change]));
  const puts = [...last.values()].filter(change => change.op === 'put');
  for (let at = 0; at < puts.length; at += rowsPerStatement) {
    const rows = puts
      .slice(at, at + rowsPerStatement)
      .map(put => ({ kind: put.kind, row_id: idOf(put), digest: rowCheck(put) }));
    await tx('row_checks').insert(rows).onConflict(['kind', 'row_id']).merge();
  }
  const deletions = [...last.values()].filter(change => change.op === 'delete');
  for (const kind of new Set(deletions.map(deletion => deletion.kind))) {
    const ids = deletions.filter(deletion => deletion.kind === kind).map(({ id }) => id);
    for (let at = 0; at < ids.length; at += rowsPerStatement) {
      await tx('row_checks')
        .where({ kind })
        .whereIn('row_id', ids.slice(at, at + rowsPerStatement))
        .delete();
    }
  }
}

/** The rows of one kind as they were read; undefined in place of each that is not as it was written. */
export async function checkedRows(db: Knex, kind: Kind, puts: readonly (Put | undefined)[]): Promise<Put[]> {
  const rows: { row_id: string; digest: string }[] = await db('row_checks').where({ kind }).select('row_id', 'digest');
  const digests = new Map(rows.map(({ row_id, digest }) => [row_id, digest]));
  return puts.map(put => (put && digests.get(idOf(put)) === rowCheck(put) ? put : undefined)) as Put[];
}

export function idOfChange(change: Change): string {
  return change.op === 'delete' ? change.id : idOf(change);
}
