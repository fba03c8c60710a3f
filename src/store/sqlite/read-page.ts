import type { Knex } from 'knex';
import { fieldEnd, rowEnd } from '../../changes/packed-row.ts';
import type { Page, Source } from '../sql/feed/content.ts';

/** Rows of a page: many enough that a statement costs little beside them, few enough that no check waits for them (T33). */
const rowsPerPage = 1000;

/**
 * Reads a page of a table, in the order in which its rows lie on disk. SQLite joins the rows into one run of bytes, in a
 * thread of its own: the driver takes longer for each value that it makes than SQLite for all the rest.
 */
export async function readPage(tx: Knex, source: Source, after: number, marked?: 'marked'): Promise<Page> {
  const { table, fields, where } = source;
  const first = marked ? 'rowid' : "coalesce(row_check, '')";
  // A text, not a blob: bytes outside the heap would lie there by the ten megabytes until a collection, and leave gaps.
  const [page] = await tx.raw(
    `select group_concat(packed, char(${rowEnd})) as rows, max(mark) as last, count(*) as count from (
      select rowid as mark, concat_ws(char(${fieldEnd}), ${[first, ...fields].join(', ')}) as packed
        from ${table} where rowid > ? and ${where} order by rowid limit ${rowsPerPage}
    )`,
    [after],
  );
  return { rows: page.rows ?? '', next: page.count < rowsPerPage ? undefined : page.last };
}
