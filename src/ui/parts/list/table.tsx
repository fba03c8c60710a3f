import type { ComponentChildren } from 'preact';

export interface Column<T> {
  readonly title: string;
  /** The field that the server sorts by; absent: it can't. */
  readonly sort?: string;
  readonly isNumber?: boolean;
  readonly cell: (entry: T) => ComponentChildren;
}

interface Props<T> {
  readonly title: string;
  readonly entries: readonly T[];
  readonly idOf: (entry: T) => string;
  readonly columns: readonly Column<T>[];
  readonly sort: string | undefined;
  readonly sortBy: (sort: string) => void;
}

/** Entries in rows; on a phone each becomes a block of its own, with the columns' titles beside the values. */
export function Table<T>({ title, entries, idOf, columns, sort, sortBy }: Props<T>) {
  return (
    <table>
      <caption class="unseen">{title}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <Head key={column.title} column={column} sort={sort} sortBy={sortBy} />
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map(entry => (
          <tr key={idOf(entry)}>
            {columns.map(column => (
              <td key={column.title} data-title={column.title} class={column.isNumber ? 'number' : ''}>
                <span>{column.cell(entry)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeadProps<T> {
  readonly column: Column<T>;
  readonly sort: string | undefined;
  readonly sortBy: (sort: string) => void;
}

function Head<T>({ column, sort, sortBy }: HeadProps<T>) {
  const { title, sort: field, isNumber } = column;
  if (field === undefined) {
    return (
      <th scope="col" class={isNumber ? 'number' : ''}>
        {title || <span class="unseen">Actions</span>}
      </th>
    );
  }
  const order = sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : 'none';
  return (
    <th scope="col" aria-sort={order} class={isNumber ? 'number' : ''}>
      <button type="button" class="plain" onClick={() => sortBy(order === 'ascending' ? `-${field}` : field)}>
        {title}
        <span aria-hidden="true">{{ ascending: ' ↑', descending: ' ↓', none: '' }[order]}</span>
      </button>
    </th>
  );
}
