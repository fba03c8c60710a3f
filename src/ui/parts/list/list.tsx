import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Query } from '../../api/api.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { useQuery } from '../../route.ts';
import { Problem } from '../problem.tsx';
import { Skeleton } from '../skeleton.tsx';
import { filterQuery } from './filter-query.ts';
import { type Filter, ListFilters } from './list-filters.tsx';
import { Pager } from './pager.tsx';
import { type Column, Table } from './table.tsx';

export interface ListPage<T> {
  readonly entries: readonly T[];
  readonly next_page_token: string;
}

interface Props<T> {
  /** What its entries are, as in "API keys". */
  readonly title: string;
  /** One of them, and many, in a sentence; absent: the title in small letters. */
  readonly noun?: readonly [string, string];
  readonly path: string;
  /** Parts of the query that the user does not choose. */
  readonly fixed?: Query;
  // biome-ignore lint/suspicious/noExplicitAny: each list of the API names its entries otherwise
  readonly entriesOf: (body: any) => readonly T[];
  readonly idOf: (entry: T) => string;
  readonly columns: readonly Column<T>[];
  readonly filters?: readonly Filter[];
  /** What to look for; absent: the list can't be searched. */
  readonly search?: string;
  /** Goes before the names in the address, where a page has more than one list. */
  readonly prefix?: string;
  /** What the list is for, with the first action in it. */
  readonly empty: ComponentChildren;
  /** Counts up when something was changed, so that the list is loaded anew. */
  readonly version?: number;
  readonly pageSize?: number;
}

/** The one list: pages, order and filters are the server's, and stand in the address. */
export function List<T>(props: Props<T>) {
  const { title, path, fixed = {}, entriesOf, idOf, columns, filters = [], prefix = '', version = 0 } = props;
  const [query, change] = useQuery();
  const visited = useRef({});
  const chosen = (name: string) => query[prefix + name];
  const pageSize = props.pageSize ?? 50;
  const asked: Query = {
    ...fixed,
    page_size: pageSize,
    page_token: chosen('page_token'),
    sort: chosen('sort'),
    ...(props.search ? { search_filter: chosen('search') } : {}),
    ...filterQuery(filters, chosen),
  };
  const key = JSON.stringify([path, asked, version]);
  const { data, error, isLoading, reload } = useLoaded(key, (api, signal) => api.get<Body>(path, asked, signal));
  const entries = data && entriesOf(data);
  const isNarrowed = [...filters.map(({ name }) => name), 'search'].some(name => chosen(name));
  // Another order or filter begins at the first page.
  const narrow = (changes: Readonly<Record<string, string | undefined>>, how?: 'push' | 'replace') =>
    change(prefixed(prefix, { ...changes, page_token: undefined, from: undefined }), how);

  const isBare = entries?.length === 0 && !isNarrowed && !chosen('page_token');
  return (
    <section class="list" aria-label={title} aria-busy={isLoading}>
      {!isBare && <ListFilters search={props.search} filters={filters} chosen={chosen} narrow={narrow} />}
      {error && <Problem error={error} retry={reload} />}
      {!entries && !error && <Skeleton />}
      {isBare && <div class="empty">{props.empty}</div>}
      {entries?.length === 0 && !isBare && <p class="empty">{nothingOn(data?.next_page_token)}</p>}
      {entries && entries.length > 0 && (
        <Table
          title={title}
          entries={entries}
          idOf={idOf}
          columns={columns}
          sort={chosen('sort')}
          sortBy={sort => narrow({ sort })}
        />
      )}
      {data && entries && !isBare && (
        <Pager
          count={entries.length}
          noun={props.noun ?? [title.replace(/s$/, '').toLowerCase(), title.toLowerCase()]}
          from={Number(chosen('from') ?? 0)}
          next={data.next_page_token}
          token={chosen('page_token')}
          visited={visited}
          turn={(page_token, from) => change(prefixed(prefix, { page_token, from }))}
        />
      )}
    </section>
  );
}

interface Body {
  readonly next_page_token: string;
}

/** A search through more than an answer may take is left before it found anything, and goes on with the next page. */
function nothingOn(next: string | undefined): string {
  return next
    ? 'Nothing fits so far: the next page looks further. What the other fields name is found at once.'
    : 'Nothing fits what you look for.';
}

function prefixed(prefix: string, changes: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [prefix + name, value]));
}
