import type { Knex } from 'knex';
import { isReservedName } from '../../own-author.ts';
import { StoreError } from '../../store-error.ts';
import { inChunks } from '../statements/in-chunks.ts';

/** Names are ASCII, so that folding its letters is all that there is to it; an index of the same form serves each lookup. */
const folded = 'lower(principal)';

/**
 * Users and applications share their names, which are unique without regard to case: `Jane` must not be taken for `jane` (B49).
 * Rejects with `conflict`.
 */
export async function requireFreeNames(tx: Knex.Transaction, names: readonly string[]): Promise<void> {
  const reserved = names.find(isReservedName);
  if (reserved !== undefined) {
    throw new StoreError('conflict', `${reserved} is reserved: it reads like what Modelgate does by itself`);
  }
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw takenBy(name, other);
    }
    seen.set(name.toLowerCase(), name);
  }
  const [taken] = await findFolded(tx, [...seen.keys()]);
  if (taken !== undefined) {
    throw takenBy(seen.get(taken.toLowerCase()) as string, taken);
  }
}

/** Whether a new user or application can have the name. */
export async function isNameFree(db: Knex, name: string): Promise<boolean> {
  return !isReservedName(name) && (await findFolded(db, [name.toLowerCase()])).length === 0;
}

/** Names from before they had to be unlike, in their order without regard to case, `limit` at most. */
export async function findUnclearNames(db: Knex, limit: number): Promise<string[]> {
  const twice = db('principals').groupByRaw(folded).havingRaw('count(*) > 1').select(db.raw(folded));
  const unclear = db('principals').whereRaw(`${folded} in (?)`, [twice]);
  const begins = (text: string) => `substr(${folded}, 1, ${text.length}) = '${text}'`;
  unclear.orWhereRaw([`${folded} = 'system'`, begins('modelgate:'), begins('api_key:')].join(' or '));
  return unclear.orderByRaw(`${folded}, principal`).limit(limit).pluck('principal');
}

async function findFolded(db: Knex, names: readonly string[]): Promise<string[]> {
  const rows = await inChunks(names, chunk =>
    db('principals')
      .whereRaw(`${folded} in (${chunk.map(() => '?').join(', ')})`, [...chunk])
      .select('principal'),
  );
  return rows.map(({ principal }) => String(principal));
}

function takenBy(name: string, taken: string): StoreError {
  const what =
    name === taken ? `${name} is taken` : `${name} is taken by ${taken}, which differs in upper and lower case alone`;
  return new StoreError('conflict', `${what}: users and applications share their names`);
}
