import type { Knex } from 'knex';
import { indexFoldedNames, indexFoldedProjectIds } from './migrate-folded-names.ts';
import { addKeyAuthors } from './migrate-key-authors.ts';
import { addMakers } from './migrate-makers.ts';
import { createRevokedKeys } from './migrate-revoked-keys.ts';
import { addRowChecks, moveRowChecks } from './migrate-row-checks.ts';
import { createOidcIdentities, createSessions } from './migrate-sessions.ts';

/**
 * Migrations in order, for both engines. A migration that has shipped is never edited; the next change
 * is a new one at the end. Times are milliseconds since 1970.
 */
const migrations: readonly Knex.Migration[] = [
  { up: createFirstTables, down: dropNothing },
  { up: createShadowDenials, down: dropNothing },
  { up: addTimeSeen, down: dropNothing },
  { up: addKeyRotation, down: dropNothing },
  { up: addCopyMark, down: dropNothing },
  { up: addChangeIds, down: dropNothing },
  { up: addRowChecks, down: dropNothing },
  { up: moveRowChecks, down: dropNothing },
  { up: createSessions, down: dropNothing },
  { up: createOidcIdentities, down: dropNothing },
  { up: indexLastUses, down: dropNothing },
  { up: addIndexOfUses, down: dropNothing },
  { up: indexTeamsOfProjects, down: dropNothing },
  { up: renameOwnAuthor, down: dropNothing },
  { up: createShadowCounts, down: dropNothing },
  { up: createRevokedKeys, down: dropNothing },
  { up: addKeyAuthors, down: dropNothing },
  { up: indexFoldedNames, down: dropNothing },
  { up: addMakers, down: dropNothing },
  { up: indexFoldedProjectIds, down: dropNothing },
];

/** Migrations by name, so that no file is looked for on disk. */
export const migrationSource: Knex.MigrationSource<number> = {
  getMigrations: async () => migrations.map((_, index) => index),
  getMigrationName: index => `${String(index + 1).padStart(4, '0')}`,
  getMigration: async index => migrations[index] as Knex.Migration,
};

async function createFirstTables(db: Knex): Promise<void> {
  await createFeedTables(db);
  await createPrincipalTables(db);
  await createProjectTables(db);
}

async function createFeedTables(db: Knex): Promise<void> {
  await db.schema.createTable('store_state', table => {
    table.integer('id').primary();
    table.string('epoch').notNullable();
    table.bigInteger('revision').notNullable();
  });
  await db.schema.createTable('revisions', table => {
    table.bigInteger('revision').primary();
    table.bigInteger('committed_at').notNullable();
  });
  await db.schema.createTable('changes', table => {
    table.bigInteger('revision').notNullable();
    table.integer('seq').notNullable();
    table.text('change').notNullable();
    table.primary(['revision', 'seq']);
  });
  await db.schema.createTable('audit_events', table => {
    table.increments('id');
    table.bigInteger('revision').notNullable().index();
    table.bigInteger('at').notNullable().index();
    table.string('actor').notNullable().index();
    table.string('address').notNullable();
    table.string('action').notNullable().index();
    table.string('target').notNullable().index();
    table.string('project_id').index();
    table.text('details').notNullable();
  });
  await db.schema.createTable('settings', table => {
    table.string('name').primary();
    table.text('value').notNullable();
  });
}

async function createPrincipalTables(db: Knex): Promise<void> {
  await db.schema.createTable('principals', table => {
    table.string('principal').primary();
    table.string('kind').notNullable();
    table.string('name').notNullable();
    table.string('email').notNullable();
    table.boolean('site_admin').notNullable();
    table.string('owner').references('principals.principal');
    table.boolean('deactivated').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('legacy_keys', table => {
    table.string('principal').primary().references('principals.principal');
    table.string('digest').notNullable().unique();
    table.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('api_keys', table => {
    table.string('key_id').primary();
    table.string('digest').notNullable().unique();
    table.string('principal').notNullable().references('principals.principal').index();
    table.text('comments').notNullable();
    table.text('audiences').notNullable();
    table.text('models');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at');
    table.bigInteger('ended_at');
    table.bigInteger('last_used_at');
    table.string('last_used_model');
  });
  await db.schema.createTable('teams', table => {
    table.string('team').primary();
    table.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('team_members', table => {
    table.string('team').notNullable().references('teams.team');
    table.string('username').notNullable().references('principals.principal');
    table.string('permission').notNullable();
    table.primary(['team', 'username']);
  });
}

async function createProjectTables(db: Knex): Promise<void> {
  await db.schema.createTable('projects', table => {
    table.string('project_id').primary();
    table.string('name').notNullable();
    table.string('owner_user').references('principals.principal');
    table.string('owner_team').references('teams.team');
    table.string('visibility').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await db.schema.createTable('collaborators', table => {
    table.string('project_id').notNullable().references('projects.project_id');
    table.string('principal').notNullable().references('principals.principal');
    table.string('permission').notNullable();
    table.primary(['project_id', 'principal']);
  });
  await db.schema.createTable('team_collaborators', table => {
    table.string('project_id').notNullable().references('projects.project_id');
    table.string('team').notNullable().references('teams.team');
    table.string('mode').notNullable();
    table.string('permission').notNullable();
    table.primary(['project_id', 'team']);
  });
  await db.schema.createTable('models', table => {
    table.string('model_id').primary();
    table.string('project_id').notNullable().references('projects.project_id').index();
    table.string('name').notNullable();
    table.string('access_key').notNullable().unique();
    table.string('target').notNullable();
    table.boolean('auth_enabled').notNullable();
    table.boolean('auth_shadow').notNullable();
    table.string('state').notNullable();
    table.bigInteger('created_at').notNullable();
  });
}

async function createShadowDenials(db: Knex): Promise<void> {
  await db.schema.createTable('shadow_denials', table => {
    table.increments('id');
    table.string('model_id').notNullable().references('models.model_id').onDelete('CASCADE').index();
    table.string('reason').notNullable();
    table.string('principal').notNullable();
    table.string('key_id').notNullable();
    table.string('address').notNullable();
    table.bigInteger('count').notNullable();
    table.bigInteger('first_at').notNullable();
    table.bigInteger('last_at').notNullable();
  });
}

/** The latest time that the store was told of, so that a clock that is set back revives no expired key (T41). */
async function addTimeSeen(db: Knex): Promise<void> {
  await db.schema.alterTable('store_state', table => {
    table.bigInteger('time_seen').notNullable().defaultTo(0);
  });
}

/** B43: who replaces whom. The indexes serve the count of keys that expire soon (B47), and what a principal owns and holds. */
async function addKeyRotation(db: Knex): Promise<void> {
  await db.schema.alterTable('api_keys', table => {
    table.string('replaces');
    table.string('replaced_by');
  });
  await db.raw(
    'create index api_keys_expiring on api_keys (expires_at) where ended_at is null and replaced_by is null',
  );
  await db.schema.alterTable('principals', table => table.index('owner'));
  await db.schema.alterTable('projects', table => table.index('owner_user'));
  await db.schema.alterTable('team_members', table => table.index('username'));
  await db.schema.alterTable('collaborators', table => table.index('principal'));
}

/** Set in a backup only: whoever opens it in the store's place begins another history. */
async function addCopyMark(db: Knex): Promise<void> {
  await db.schema.alterTable('store_state', table => {
    table.boolean('is_copy').notNullable().defaultTo(false);
  });
}

/** What each change is about, so that the changes of a thing that is deleted can go with it (T25). Older ones stay as they are. */
async function addChangeIds(db: Knex): Promise<void> {
  await db.schema.alterTable('changes', table => {
    table.string('kind');
    table.string('row_id');
    table.index(['kind', 'row_id']);
  });
}

/** For lists of users by the last use of any of their keys: it is in the index itself, which serves for a user's keys too. */
async function indexLastUses(db: Knex): Promise<void> {
  await db.schema.alterTable('api_keys', table => {
    table.index(['principal', 'last_used_at']);
    table.dropIndex('principal');
  });
}

/** So that who used a model lately is counted without reading every key. */
async function addIndexOfUses(db: Knex): Promise<void> {
  await db.raw(
    'create index api_keys_used on api_keys (last_used_model, last_used_at) where last_used_model is not null',
  );
}

/** So that the projects of somebody's teams are found without reading every project. */
async function indexTeamsOfProjects(db: Knex): Promise<void> {
  await db.schema.alterTable('team_collaborators', table => table.index('team'));
  await db.schema.alterTable('projects', table => table.index('owner_team'));
}

/**
 * What Modelgate does by itself was written down as by `system`, which a user may be named. Only its own entries came
 * from no address. A link says less of who made it: where somebody has the name, it stays what it was.
 */
async function renameOwnAuthor(db: Knex): Promise<void> {
  const own = 'modelgate:system';
  await db('audit_events').where({ actor: 'system', address: '' }).update({ actor: own });
  if (!(await db('principals').where({ principal: 'system' }).first('principal'))) {
    await db('sign_in_links').where({ made_by: 'system' }).update({ made_by: own });
  }
}

/**
 * Since when a model in shadow counts, and how many calls there were: that nobody would be refused says nothing without
 * both. Models that counted before begin anew, since neither is known of what they counted.
 */
async function createShadowCounts(db: Knex): Promise<void> {
  await db.schema.createTable('shadow_counts', table => {
    table.string('model_id').primary().references('models.model_id').onDelete('CASCADE');
    table.bigInteger('since').notNullable();
    table.bigInteger('calls').notNullable();
  });
  await db('shadow_denials').delete();
  const counting = db('models').where({ auth_shadow: true, auth_enabled: false });
  await db('shadow_counts').insert(counting.select('model_id', db.raw('?', [Date.now()]), db.raw('0')));
}

async function dropNothing(): Promise<void> {
  throw new Error('Modelgate has no way back to an older schema; restore the backup made before the upgrade');
}
