import type { Knex } from 'knex';

/** Who made a key, where it was not its owner (B35). Of the keys that are there, the audit tells. */
export async function addKeyAuthors(db: Knex): Promise<void> {
  await db.schema.alterTable('api_keys', table => void table.string('created_by'));
  const author = db('audit_events')
    .where({ action: 'api_key.create', target: db.ref('api_keys.key_id') })
    .orderBy('id', 'desc')
    .limit(1)
    .select('actor');
  await db('api_keys').update({ created_by: author });
  await db('api_keys')
    .where({ created_by: db.ref('principal') })
    .update({ created_by: null });
}
