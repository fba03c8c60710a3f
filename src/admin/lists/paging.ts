import { z } from 'zod';
import type { PageMark, PageQuery } from '../../store/page-query.ts';
import { type ApiError, fieldError } from '../api-error.ts';

/** The last entry shown, and the order that it was shown in. */
const tokenContent = z.strictObject({
  id: z.string(),
  value: z.union([z.string(), z.number()]).optional(),
  sort: z.string().optional(),
});

export interface PageRequest {
  readonly page_size: number;
  readonly page_token?: string | undefined;
  readonly search_filter?: string | undefined;
  /** A field of the list, with a `-` before it for the other direction. */
  readonly sort?: string | undefined;
}

/**
 * The page that a request asks for, with one entry more, so that `pageOf` knows whether there is another; rejects a token
 * that was made under another order.
 */
export function toPageQuery({ page_size, page_token, search_filter, sort }: PageRequest): PageQuery {
  return {
    limit: page_size + 1,
    after: page_token ? readToken(page_token, sort) : undefined,
    search: search_filter,
    sort: sort === undefined ? undefined : { field: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
  };
}

/** What was read of a page, without the one entry more. */
export interface ShownPage<T> {
  readonly shown: T[];
  /** The token of the page after this one, wrapped so that nobody builds on it; empty: there is none. */
  readonly next_page_token: string;
}

/** The page that was asked for by `toPageQuery`, from what was found of it. */
export function pageOf<T extends object>(
  found: readonly T[],
  { limit, sort }: Pick<PageQuery, 'limit' | 'sort'>,
  idOf: (entry: T) => string,
): ShownPage<T> {
  const shown = found.slice(0, limit - 1);
  const last = found.length < limit ? undefined : shown.at(-1);
  if (last === undefined) {
    return { shown, next_page_token: '' };
  }
  const order = sort && `${sort.descending ? '-' : ''}${sort.field}`;
  const token = JSON.stringify({ ...markOf(last, sort, idOf), sort: order });
  return { shown, next_page_token: Buffer.from(token).toString('base64url') };
}

/** Where a page ends, for the store to go on from. */
export function markOf<T extends object>(entry: T, sort: PageQuery['sort'], idOf: (entry: T) => string): PageMark {
  const value = sort && (entry as Readonly<Record<string, string | number | null>>)[sort.field];
  return { id: idOf(entry), value: value === null ? missingTime : value };
}

/** How the store sorts a time that is missing. */
const missingTime = -1;

/** Entries that a walk over a whole list reads at once. */
export const entriesPerRead = 1000;

/** The same of a walk that somebody's checks go on beside: some milliseconds' work (T33). */
const entriesPerStretch = 300;

/** Every entry of a paged list. */
export async function readAll<T>(read: (page: PageQuery) => Promise<T[]>, idOf: (entry: T) => string): Promise<T[]> {
  const entries: T[] = [];
  for (;;) {
    const last = entries.at(-1);
    const page = await read({ limit: entriesPerStretch, after: last && { id: idOf(last) } });
    entries.push(...page);
    if (page.length < entriesPerStretch) {
      return entries;
    }
  }
}

/** A page of the entries that the caller may see: reads on where entries that it may not see fill the pages. */
export async function readVisible<T extends object>(
  page: PageQuery,
  read: (page: PageQuery) => Promise<T[]>,
  isVisible: (entry: T) => boolean,
  idOf: (entry: T) => string,
): Promise<T[]> {
  const visible: T[] = [];
  let next: PageQuery = { ...page, limit: entriesPerRead };
  for (;;) {
    const entries = await read(next);
    visible.push(...entries.filter(isVisible));
    const last = entries.at(-1);
    if (!last || entries.length < entriesPerRead || visible.length >= page.limit) {
      return visible.slice(0, page.limit);
    }
    next = { ...next, after: markOf(last, page.sort, idOf) };
  }
}

/** Whether one of the texts of an entry holds what is searched for, in any case of its letters; undefined: nothing is. */
export function holdsText(texts: readonly (string | null | undefined)[], search: string | undefined): boolean {
  const wanted = search?.toLowerCase();
  return wanted === undefined || texts.some(text => text?.toLowerCase().includes(wanted));
}

/** The token of the page after an entry of a list whose ids are numbers. */
export function numberToken(id: number): string {
  return Buffer.from(JSON.stringify({ id: String(id) })).toString('base64url');
}

/** The id in such a token. */
export function readNumberToken(token: string, sort?: string): number {
  const id = Number(readToken(token, sort).id);
  if (!Number.isSafeInteger(id)) {
    throw tokenFault();
  }
  return id;
}

function readToken(token: string, sort: string | undefined): PageMark {
  const content = tokenContent.safeParse(parseToken(token));
  if (!content.success || content.data.sort !== sort) {
    throw tokenFault();
  }
  const { id, value } = content.data;
  return { id, value };
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function tokenFault(): ApiError {
  return fieldError('page_token', 'must be the next_page_token of the page before, asked for with the same sort');
}
