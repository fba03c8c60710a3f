import type { Knex } from 'knex';

/** See row-checks.ts; the rows that are there get theirs when the store is opened. */
export async function addRowChecks(db: Knex): Promise<void> {
  await db.schema.createTable('row_checks', table => {
    table.string('kind').notNullable();
    table.string('row_id').notNullable();
    table.string('digest').notNullable();
    table.primary(['kind', 'row_id']);
  });
  await db.schema.alterTable('store_state', table => {
    table.string('row_form').notNullable().defaultTo('');
  });
}

/**
 * Each check stands in its row from here on: looked for in a table of their own, they took most of the time in which
 * a large site is read. The rows that are there get theirs when the store is opened.
 */
export async function moveRowChecks(db: Knex): Promise<void> {
  const tables = [
    'principals',
    'team_members',
    'projects',
    'collaborators',
    'team_collaborators',
    'models',
    'api_keys',
  ];
  for (const name of tables) {
    await db.schema.alterTable(name, table => void table.bigInteger('row_check'));
  }
  await db.schema.alterTable('store_state', table => void table.bigInteger('settings_check'));
  await db.schema.dropTable('row_checks');
}
