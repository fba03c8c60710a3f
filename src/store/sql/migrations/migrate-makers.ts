import type { Knex } from 'knex';

/**
 * For whose quota a team or project counts: that of whoever made it, whosever it is by now (T55). Of those that are there, the
 * audit tells; what a site admin made counts for nobody.
 */
export async function addMakers(db: Knex): Promise<void> {
  for (const [table, id, action] of [
    ['teams', 'team', 'team.create'],
    ['projects', 'project_id', 'project.create'],
  ] as const) {
    await db.schema.alterTable(table, columns => void columns.string('made_by').index());
    const maker = db('audit_events')
      .where({ action, target: db.ref(`${table}.${id}`) })
      .orderBy('id', 'desc')
      .limit(1)
      .select('actor');
    await db(table).update({ made_by: maker });
    const counted = db('principals').where({ kind: 'user', site_admin: false }).select('principal');
    await db(table).whereNotIn('made_by', counted).update({ made_by: null });
  }
}
