import type { Knex } from 'knex';
import { changedFields } from '../../changed-fields.ts';
import type { ApplicationRecord, ApplicationSummary } from '../../records.ts';
import type { ApplicationFilter, ApplicationReads, ApplicationWrites } from '../../store.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { applicationPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { mapInChunks } from '../statements/in-chunks.ts';
import { type Listing, paged, timeOrNever } from '../statements/page.ts';
import { deletePrincipal, endKeysOf, filteredByKeys, insertPrincipal, lastUse, summarizeKeys } from './principals.ts';

const listing: Listing = {
  id: 'principal',
  searched: ['principal', 'owner'],
  sortable: { owner: 'owner', created_at: 'created_at', last_used_at: timeOrNever(lastUse) },
};

const ownerDeactivated = '(select deactivated from principals as owners where owners.principal = principals.owner)';

export function applicationReads(db: Knex): ApplicationReads {
  const applications = () => db('principals').where({ kind: 'application' });
  return {
    async findApplication(name) {
      return toApplication(await applications().where({ principal: name }).first());
    },
    async findApplications(names) {
      return mapInChunks(
        names,
        chunk => applications().whereIn('principal', chunk),
        row => [row.principal, toApplication(row) as ApplicationRecord],
      );
    },
    async listApplications(page, now, filter = {}) {
      const query = filtered(paged(applications(), page, listing), filter, now);
      return summarize(db, await query.select('*'), now);
    },
    async summarizeApplication(name, now) {
      const [summary] = await summarize(db, await applications().where({ principal: name }), now);
      return summary;
    },
  };
}

export function applicationWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): ApplicationWrites {
  const { findApplication } = applicationReads(tx);
  const existing = async (name: string): Promise<ApplicationRecord> => {
    const application = await findApplication(name);
    if (!application) {
      throw new StoreError('not_found', `there is no application ${name}`);
    }
    return application;
  };
  return {
    async insertApplication(application) {
      const { name, owner, deactivated, created_at } = application;
      const columns = { name, email: '', site_admin: false, owner, deactivated, created_at, kind: 'application' };
      await insertPrincipal(tx, name, columns);
      recorder.change(applicationPut(application));
      recorder.audit('application.create', name, { owner });
    },
    async updateApplication(name, wanted) {
      const old = await existing(name);
      const changed = changedFields(old, wanted);
      if (Object.keys(changed).length === 0) {
        return;
      }
      await tx('principals').where({ principal: name }).update(changed);
      recorder.change(applicationPut({ ...old, ...changed }));
      recorder.audit('application.update', name, withPrevious(changed, old));
      if (changed.deactivated) {
        await endKeysOf(tx, recorder, name, now());
      }
    },
    async deleteApplication(name) {
      const { owner } = await existing(name);
      await deletePrincipal(tx, recorder, name, now);
      recorder.audit('application.delete', name, { owner });
    },
  };
}

function filtered(query: Knex.QueryBuilder, filter: ApplicationFilter, now: number): Knex.QueryBuilder {
  if (filter.owner !== undefined) {
    query.where({ owner: filter.owner });
  }
  if (filter.ownerDeactivated !== undefined) {
    query.whereRaw(`${ownerDeactivated} = ?`, [filter.ownerDeactivated]);
  }
  return filteredByKeys(query, filter, now);
}

async function summarize(
  db: Knex,
  rows: readonly Record<string, unknown>[],
  now: number,
): Promise<ApplicationSummary[]> {
  const applications = rows.map(row => toApplication(row) as ApplicationRecord);
  const keysOf = await summarizeKeys(
    db,
    applications.map(({ name }) => name),
    now,
  );
  const owners: { principal: string }[] = await db('principals')
    .whereIn('principal', [...new Set(applications.map(({ owner }) => owner))])
    .where({ deactivated: true })
    .select('principal');
  const away = new Set(owners.map(({ principal }) => principal));
  return applications.map(each => ({ ...each, ...keysOf(each.name), owner_deactivated: away.has(each.owner) }));
}

export function toApplication(row: Record<string, unknown> | undefined): ApplicationRecord | undefined {
  return (
    row && {
      name: String(row['principal']),
      owner: String(row['owner']),
      deactivated: Boolean(row['deactivated']),
      created_at: Number(row['created_at']),
    }
  );
}
