import type { AdminClient } from './admin-client.ts';

/** Every entry of a list, read in small pages; the path may hold a query. `fields` are the members of an answer that hold entries, in their order. */
export async function walkPages(
  client: AdminClient,
  path: string,
  pageSize: number,
  ...fields: readonly string[]
): Promise<unknown[]> {
  const entries: unknown[] = [];
  let token = '';
  do {
    const { body } = await client.get(
      `${path}${path.includes('?') ? '&' : '?'}page_size=${pageSize}&page_token=${token}`,
    );
    entries.push(...fields.flatMap(field => body[field]));
    token = body.next_page_token;
  } while (token !== '');
  return entries;
}
