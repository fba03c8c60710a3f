import type { Knex } from 'knex';
import type { KeyUse } from '../records.ts';

/**
 * Uses written at once. Each statement is a transaction of its own, so that a write of the admin API that
 * waits for the only connection of SQLite gets it between two of them.
 */
const usesPerStatement = 250;

/** Notes the uses that are newer than what is known of a key; of one key in the list more than once, the newest. */
export async function recordKeyUses(db: Knex, uses: readonly KeyUse[]): Promise<void> {
  const newest = new Map<string, KeyUse>();
  for (const use of uses) {
    if (use.at >= (newest.get(use.key_id)?.at ?? 0)) {
      newest.set(use.key_id, use);
    }
  }
  // In the order of their ids, so that neighbouring rows share pages.
  const ordered = [...newest.values()].sort((a, b) => (a.key_id < b.key_id ? -1 : 1));
  for (let at = 0; at < ordered.length; at += usesPerStatement) {
    await update(db, ordered.slice(at, at + usesPerStatement));
  }
}

async function update(db: Knex, uses: readonly KeyUse[]): Promise<void> {
  const rows = uses.map(() => '(?, ?, cast(? as bigint))').join(', ');
  await db.raw(
    `with used (key_id, model_id, at) as (values ${rows})
     update api_keys set last_used_at = used.at, last_used_model = used.model_id
     from used
     where api_keys.key_id = used.key_id and (last_used_at is null or last_used_at < used.at)`,
    uses.flatMap(({ key_id, model_id, at }) => [key_id, model_id, at]),
  );
}
