import { z } from 'zod';
import type { PageQuery } from '../store/store.ts';
import { type ApiError, fieldError } from './api-error.ts';

const tokenContent = z.tuple([z.union([z.string(), z.number().int()])]);

export interface PageRequest {
  readonly page_size: number;
  readonly page_token?: string | undefined;
  readonly search_filter?: string | undefined;
}

/** A page token is the id of the last entry shown, wrapped so that nobody builds on it. */
export function toPageQuery({ page_size, page_token, search_filter }: PageRequest): PageQuery {
  return { limit: page_size, after: page_token ? readToken(page_token) : undefined, search: search_filter };
}

/** The token of the page after this one; empty: there is none. */
export function nextPageToken(ids: readonly (string | number)[], limit: number): string {
  const last = ids.length === limit ? ids.at(-1) : undefined;
  return last === undefined ? '' : Buffer.from(JSON.stringify([last])).toString('base64url');
}

/** Entries that a walk over a whole list reads at once. */
export const entriesPerRead = 1000;

/** Every entry of a paged list. */
export async function readAll<T>(read: (page: PageQuery) => Promise<T[]>, idOf: (entry: T) => string): Promise<T[]> {
  const entries: T[] = [];
  for (;;) {
    const last = entries.at(-1);
    const page = await read({ limit: entriesPerRead, after: last && idOf(last) });
    entries.push(...page);
    if (page.length < entriesPerRead) {
      return entries;
    }
  }
}

/** The id in a token of a list whose ids are numbers. */
export function readNumberToken(token: string): number {
  const id = Number(readToken(token));
  if (!Number.isSafeInteger(id)) {
    throw tokenFault();
  }
  return id;
}

function readToken(token: string): string {
  try {
    const [id] = tokenContent.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
    return String(id);
  } catch {
    throw tokenFault();
  }
}

function tokenFault(): ApiError {
  return fieldError('page_token', 'must be the next_page_token of the page before');
}
