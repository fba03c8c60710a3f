import type { Knex } from 'knex';
import type { Page, Source } from '../sql/content.ts';

/** Rows of a page: many enough that a statement costs little beside them, few enough that no check waits for them (T33). */
const rowsPerPage = 1000;

/**
 * Reads a page of a table, in the order in which its rows lie on disk. SQLite joins the rows into one text: the
 * driver takes longer for each row that it makes than SQLite for all the rest. Every column is cast, or a
 * value of a type that no change of ours has written would keep the whole page from being read.
 */
export async function readPage(tx: Knex, source: Source, after: number): Promise<Page> {
  const values = [
    ...source.texts.map(column => `cast(${column} as text)`),
    ...[...source.numbers, 'row_check'].map(column => `cast(${column} as integer)`),
  ];
  const columns = [...source.texts, ...source.numbers, 'row_check'].join(', ');
  const [page] = await tx.raw(
    `select json_group_array(json_array(${values.join(', ')})) as rows, max(mark) as last, count(*) as count from (
      select rowid as mark, ${columns} from ${source.table} where rowid > ? and ${source.where} order by rowid limit ${rowsPerPage}
    )`,
    [after],
  );
  return { rows: JSON.parse(page.rows), next: page.count < rowsPerPage ? undefined : page.last };
}
