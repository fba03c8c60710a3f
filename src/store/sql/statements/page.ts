import type { Knex } from 'knex';
import type { PageQuery } from '../../page-query.ts';

/** How a list is read: by its id, or by a field of its own with the id behind it, so that the order is total. */
export interface Listing {
  /** Column of the id, which is also the order where nothing else is asked for. */
  readonly id: string;
  readonly searched: readonly string[];
  /** SQL of each field that the list may be sorted by; never null, or rows would be lost between pages. */
  readonly sortable: Readonly<Record<string, string>>;
}

/** Limits a query to one page in the order asked for, to rows with the searched text in one of the columns. */
export function paged<Q extends Knex.QueryBuilder>(query: Q, page: PageQuery, { id, searched, sortable }: Listing): Q {
  const { after, sort } = page;
  const direction = sort?.descending ? 'desc' : 'asc';
  const beyond = sort?.descending ? '<' : '>';
  const field = sort && sortable[sort.field];
  if (field !== undefined) {
    query.orderByRaw(`${field} ${direction}`);
    if (after !== undefined) {
      query.whereRaw(`(${field} ${beyond} ? or (${field} = ? and ?? ${beyond} ?))`, [
        after.value as string,
        after.value as string,
        id,
        after.id,
      ]);
    }
  } else if (after !== undefined) {
    query.where(id, beyond, after.id);
  }
  query.orderBy(id, direction).limit(page.limit);
  if (page.search) {
    const pattern = `%${page.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query.where(either => {
      for (const column of searched) {
        either.orWhereRaw(`lower(??) like ? escape '\\'`, [column, pattern]);
      }
    });
  }
  return query;
}

/** SQL of a time that may be missing: what never happened sorts before everything that did. */
export function timeOrNever(column: string): string {
  return `coalesce(${column}, -1)`;
}
