import type { Knex } from 'knex';
import type { OwnedKind, OwnedReads } from '../../store.ts';

/** Where the things of a kind are, and how an index finds those of one owner. */
const owned: Record<OwnedKind, (db: Knex, owner: string) => Knex.QueryBuilder> = {
  api_keys: (db, principal) => db('api_keys').where({ principal }),
  applications: (db, owner) => db('principals').where({ owner }),
  teams: (db, made_by) => db('teams').where({ made_by }),
  projects: (db, made_by) => db('projects').where({ made_by }),
  models: (db, project_id) => db('models').where({ project_id }),
};

export function ownedReads(db: Knex): OwnedReads {
  return {
    async countOwned(kind, owner) {
      const counted = await owned[kind](db, owner).count({ count: '*' }).first();
      return Number(counted?.['count'] ?? 0);
    },
  };
}
