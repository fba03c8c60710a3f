import type { Knex } from 'knex';
import { isReservedName } from '../../own-author.ts';
import { StoreError } from '../../store-error.ts';
import { inChunks } from '../statements/in-chunks.ts';

/** What must be unlike: a column of a table. */
const principals = { table: 'principals', column: 'principal' };
const projects = { table: 'projects', column: 'project_id' };
type Column = typeof principals;

/** Names are ASCII, so that folding its letters is all that there is to it; an index of the same form serves each lookup. */
const foldedOf = ({ column }: Column) => `lower(${column})`;

/**
 * Users and applications share their names, which are unique without regard to case: `Jane` must not be taken for `jane` (B49).
 * Rejects with `conflict`.
 */
export async function requireFreeNames(tx: Knex.Transaction, names: readonly string[]): Promise<void> {
  const reserved = names.find(isReservedName);
  if (reserved !== undefined) {
    throw new StoreError('conflict', `${reserved} is reserved: it reads like what Modelgate does by itself`);
  }
  const clash = await findClash(tx, principals, names);
  if (clash) {
    throw takenBy(clash.name, clash.taken);
  }
}

/** Ids of projects are unique without regard to case too. Rejects with `conflict`, without the id of the other one, which may not be the caller's to know. */
export async function requireFreeProjectIds(tx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  const clash = await findClash(tx, projects, ids);
  if (clash) {
    const like = clash.name === clash.taken ? '' : ', whose id differs in upper and lower case alone';
    throw new StoreError('conflict', `there is a project ${clash.name} already${like}`);
  }
}

/** The first name that another has, among them or in the table. */
async function findClash(db: Knex, column: Column, names: readonly string[]) {
  const seen = new Map<string, string>();
  for (const name of names) {
    const taken = seen.get(name.toLowerCase());
    if (taken !== undefined) {
      return { name, taken };
    }
    seen.set(name.toLowerCase(), name);
  }
  // Where sites from before have several, the very name tells most.
  const found = await findFolded(db, column, [...seen.keys()]);
  const taken = found.find(name => seen.get(name.toLowerCase()) === name) ?? found[0];
  return taken === undefined ? undefined : { name: seen.get(taken.toLowerCase()) as string, taken };
}

/** Whether a new user or application can have the name. */
export async function isNameFree(db: Knex, name: string): Promise<boolean> {
  return !isReservedName(name) && (await findFolded(db, principals, [name.toLowerCase()])).length === 0;
}

/** Names from before they had to be unlike, in their order without regard to case, `limit` at most. */
export async function findUnclearNames(db: Knex, limit: number): Promise<string[]> {
  const folded = foldedOf(principals);
  const unclear = findAlike(db, principals);
  const begins = (text: string) => `substr(${folded}, 1, ${text.length}) = '${text}'`;
  unclear.orWhereRaw([`${folded} = 'system'`, begins('modelgate:'), begins('api_key:')].join(' or '));
  return unclear.orderByRaw(`${folded}, principal`).limit(limit).pluck('principal');
}

/** The same of projects. */
export async function findUnclearProjectIds(db: Knex, limit: number): Promise<string[]> {
  const { column } = projects;
  return findAlike(db, projects)
    .orderByRaw(`${foldedOf(projects)}, ${column}`)
    .limit(limit)
    .pluck(column);
}

/** Those of a table that differ from others by case alone. */
function findAlike(db: Knex, column: Column): Knex.QueryBuilder {
  const folded = foldedOf(column);
  const twice = db(column.table).groupByRaw(folded).havingRaw('count(*) > 1').select(db.raw(folded));
  return db(column.table).whereRaw(`${folded} in (?)`, [twice]);
}

async function findFolded(db: Knex, column: Column, names: readonly string[]): Promise<string[]> {
  const rows = await inChunks(names, chunk =>
    db(column.table)
      .whereRaw(`${foldedOf(column)} in (${chunk.map(() => '?').join(', ')})`, [...chunk])
      .select(column.column),
  );
  return rows.map(row => String(row[column.column]));
}

function takenBy(name: string, taken: string): StoreError {
  const what =
    name === taken ? `${name} is taken` : `${name} is taken by ${taken}, which differs in upper and lower case alone`;
  return new StoreError('conflict', `${what}: users and applications share their names`);
}
