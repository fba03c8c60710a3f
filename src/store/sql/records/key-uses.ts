import type { Knex } from 'knex';
import type { KeyUse } from '../../records.ts';

/**
 * Uses written at once. Each statement is a transaction of its own, so that a write of the admin API that
 * waits for the only connection of SQLite gets it between two of them.
 */
const usesPerStatement = 250;

/** Uses put in order in one go: all of them would keep checks waiting for as long as many of them take (T33). */
const usesPerTurn = 2500;

/** Notes the uses that are newer than what is known of a key; of one key in the list more than once, the newest. */
export async function recordKeyUses(db: Knex, uses: readonly KeyUse[]): Promise<void> {
  for (let start = 0; start < uses.length; start += usesPerTurn) {
    const newest = newestOfEach(uses.slice(start, start + usesPerTurn));
    for (let at = 0; at < newest.length; at += usesPerStatement) {
      await update(db, newest.slice(at, at + usesPerStatement));
    }
  }
}

/** In the order of their ids, so that neighbouring rows share pages. */
function newestOfEach(uses: readonly KeyUse[]): KeyUse[] {
  const ordered = [...uses].sort((one, two) => {
    if (one.key_id === two.key_id) {
      return two.at - one.at;
    }
    return one.key_id < two.key_id ? -1 : 1;
  });
  return ordered.filter(({ key_id }, at) => key_id !== ordered[at - 1]?.key_id);
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
