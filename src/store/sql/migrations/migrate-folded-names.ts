import type { Knex } from 'knex';

/** For names that must differ by more than case (B49). Not unique: sites from before may have such names, and go on with them. */
export async function indexFoldedNames(db: Knex): Promise<void> {
  await db.raw('create index principals_folded on principals (lower(principal))');
}

/** The same for ids of projects. */
export async function indexFoldedProjectIds(db: Knex): Promise<void> {
  await db.raw('create index projects_folded on projects (lower(project_id))');
}
