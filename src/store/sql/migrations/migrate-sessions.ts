import type { Knex } from 'knex';

/** Digests only: a copy of the database signs nobody in. A session ends at `expires_at` at the latest. */
export async function createSessions(db: Knex): Promise<void> {
  await db.schema.createTable('sessions', table => {
    table.string('digest').primary();
    table.string('principal').notNullable().references('principals.principal').index();
    table.string('sign_in_method').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('last_used_at').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
  await db.schema.createTable('sign_in_links', table => {
    table.string('digest').primary();
    table.string('principal').notNullable().references('principals.principal').index();
    table.string('made_by').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });
}

/** Who is who at an OpenID provider (T34). A user has one identity at most, and an identity one user. */
export async function createOidcIdentities(db: Knex): Promise<void> {
  await db.schema.createTable('oidc_identities', table => {
    table.string('principal').primary().references('principals.principal');
    table.string('issuer').notNullable();
    table.string('subject').notNullable();
    table.bigInteger('created_at').notNullable();
    table.unique(['issuer', 'subject']);
  });
}
