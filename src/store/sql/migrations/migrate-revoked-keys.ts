import type { Knex } from 'knex';

/**
 * Of a key that was ended, its Key ID and a mark of its digest stay (B30, T53). Of those that were ended before, the audit has
 * the Key IDs; their digests are gone, as they must be (T25). A key that was deleted and brought in anew stays as it is.
 */
export async function createRevokedKeys(db: Knex): Promise<void> {
  await db.schema.createTable('revoked_key_ids', table => {
    table.string('key_id').primary();
    table.bigInteger('revoked_at').notNullable();
  });
  await db.schema.createTable('revoked_digests', table => {
    table.string('mark').primary();
    table.bigInteger('revoked_at').notNullable();
  });
  const ended = db('audit_events').where({ action: 'api_key.rotate' });
  ended.orWhere(deleted =>
    deleted.where({ action: 'api_key.delete' }).whereNotIn('target', db('api_keys').select('key_id')),
  );
  await db('revoked_key_ids').insert(ended.groupBy('target').select('target').max('at'));
}
