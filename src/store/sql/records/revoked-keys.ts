import type { Knex } from 'knex';
import { digestOf } from '../../../keys/digest.ts';
import type { EndedKeys } from '../../ended-store.ts';
import { inChunks } from '../statements/in-chunks.ts';
import { inStatements } from '../statements/in-statements.ts';

/**
 * What outlives a key that was ended, so that no document brings it back (B30, T53): its Key ID, and a mark of its digest. The
 * digest itself must not stay (T25), and no key can be found by the mark.
 */

/** A key to be remembered; without a Key ID, a legacy key. */
export interface EndedKey {
  readonly key_id?: string;
  readonly digest: string;
}

function markOf(digest: string): string {
  return digestOf(`revoked ${digest}`);
}

/** Ended twice, a key is remembered by the later time, in milliseconds since 1970. */
export async function rememberRevoked(tx: Knex.Transaction, keys: readonly EndedKey[], at: number): Promise<void> {
  const ids = keys.flatMap(({ key_id }) => key_id ?? []);
  await writeRevoked(tx, {
    keyIds: new Map(ids.map(id => [id, at])),
    marks: new Map(keys.map(({ digest }) => [markOf(digest), at])),
  });
}

/** All that is remembered. */
export async function readRevoked(db: Knex): Promise<EndedKeys> {
  const ids = await db('revoked_key_ids').select('key_id', 'revoked_at');
  const marks = await db('revoked_digests').select('mark', 'revoked_at');
  return {
    keyIds: new Map(ids.map(row => [row.key_id, Number(row.revoked_at)])),
    marks: new Map(marks.map(row => [row.mark, Number(row.revoked_at)])),
  };
}

export async function writeRevoked(tx: Knex.Transaction, { keyIds, marks }: EndedKeys): Promise<void> {
  for (const some of inStatements(keyIds)) {
    const rows = some.map(([key_id, revoked_at]) => ({ key_id, revoked_at }));
    await tx('revoked_key_ids').insert(rows).onConflict('key_id').merge();
  }
  for (const some of inStatements(marks)) {
    const rows = some.map(([mark, revoked_at]) => ({ mark, revoked_at }));
    await tx('revoked_digests').insert(rows).onConflict('mark').merge();
  }
}

/** When those of the keys were ended that were, by their Key ID or by their digest under another one; by Key ID. */
export async function findRevoked(
  db: Knex,
  keys: readonly { readonly key_id: string; readonly digest: string }[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const ids = keys.map(({ key_id }) => key_id);
  for (const row of await inChunks(ids, chunk => db('revoked_key_ids').whereIn('key_id', chunk))) {
    found.set(row.key_id, Number(row.revoked_at));
  }
  // The marks of so many as are asked for at once: of a large document they would take long (T33).
  const revoked = await inChunks(keys, async chunk => {
    const idOf = new Map(chunk.map(({ key_id, digest }) => [markOf(digest), key_id]));
    const rows = await db('revoked_digests').whereIn('mark', [...idOf.keys()]);
    return rows.map(row => [idOf.get(row.mark) as string, Number(row.revoked_at)] as const);
  });
  for (const [keyId, at] of revoked) {
    found.set(keyId, Math.max(at, found.get(keyId) ?? 0));
  }
  return found;
}

/** For keys that somebody brings back by name. */
export async function forgetRevoked(
  tx: Knex.Transaction,
  keys: readonly { readonly key_id: string; readonly digest: string }[],
): Promise<void> {
  for (const some of inStatements(keys)) {
    const ids = some.map(({ key_id }) => key_id);
    await tx('revoked_key_ids').whereIn('key_id', ids).delete();
    const marks = some.map(({ digest }) => markOf(digest));
    await tx('revoked_digests').whereIn('mark', marks).delete();
  }
}
