import type { Knex } from 'knex';
import type { PageQuery } from '../store.ts';

/** Limits a query to one page in the order of `id`, to rows with the searched text in one of `searched`. */
export function paged<Q extends Knex.QueryBuilder>(
  query: Q,
  page: PageQuery,
  id: string,
  searched: readonly string[],
): Q {
  query.orderBy(id).limit(page.limit);
  if (page.after !== undefined) {
    query.where(id, '>', page.after);
  }
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
