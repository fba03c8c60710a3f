import type { Query } from '../../api/api.ts';
import type { Filter } from './list-filters.tsx';

/** What the server is asked for by what is chosen in the filters of a list. */
export function filterQuery(filters: readonly Filter[], chosen: (name: string) => string | undefined): Query {
  return Object.fromEntries(
    filters.map(({ name, toQuery }) => {
      const value = chosen(name);
      return [name, value && toQuery ? toQuery(value) : value];
    }),
  );
}
