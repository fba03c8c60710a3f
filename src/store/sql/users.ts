import type { Knex } from 'knex';
import type { ApplicationRecord, UserRecord, UserSummary } from '../records.ts';
import type { UserFilter, UserReads, UserWrites } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { changedFields } from './changed-fields.ts';
import { inChunks } from './in-chunks.ts';
import { type Listing, paged, timeOrNever } from './page.ts';
import type { Recorder } from './recorder.ts';
import { applicationPut, userPut } from './to-rows.ts';

const lastUse = '(select max(last_used_at) from api_keys where api_keys.principal = principals.principal)';

const userListing: Listing = {
  id: 'principal',
  searched: ['principal', 'name', 'email'],
  sortable: { name: 'name', created_at: 'created_at', last_used_at: timeOrNever(lastUse) },
};

const applicationListing: Listing = {
  id: 'principal',
  searched: ['principal', 'owner'],
  sortable: { owner: 'owner', created_at: 'created_at' },
};

export function userReads(db: Knex): UserReads {
  const users = () => db('principals').where({ kind: 'user' });
  const applications = () => db('principals').where({ kind: 'application' });
  return {
    async findPrincipals(names) {
      const rows = await inChunks(names, chunk =>
        db('principals').whereIn('principal', chunk).select('principal', 'deactivated'),
      );
      return new Map(rows.map(({ principal, deactivated }) => [principal, { active: !deactivated }]));
    },
    async findUser(username) {
      return toUser(await users().where({ principal: username }).first());
    },
    async listUsers(page, now, filter = {}) {
      return summarize(db, await filtered(paged(users(), page, userListing), filter, now).select('*'), now);
    },
    async summarizeUser(username, now) {
      const [summary] = await summarize(db, await users().where({ principal: username }), now);
      return summary;
    },
    async countActiveSiteAdmins() {
      const counted = await users().where({ site_admin: true, deactivated: false }).count({ count: '*' }).first();
      return Number(counted?.['count'] ?? 0);
    },
    async findApplication(name) {
      return toApplication(await applications().where({ principal: name }).first());
    },
    async listApplications(page) {
      const rows = await paged(applications(), page, applicationListing).select('*');
      return rows.map((row: Record<string, unknown>) => toApplication(row) as ApplicationRecord);
    },
    async findUserByLegacyKey(digest) {
      return toUser(
        await users()
          .join('legacy_keys', 'legacy_keys.principal', 'principals.principal')
          .where({ digest, deactivated: false })
          .first('principals.*'),
      );
    },
  };
}

export function userWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): UserWrites {
  const { findUser, findApplication } = userReads(tx);
  return {
    async insertUser(user) {
      const { username, ...columns } = user;
      await insertPrincipal(tx, username, { ...columns, kind: 'user' });
      recorder.change(userPut(user));
      const { name, email, site_admin } = user;
      recorder.audit('user.create', username, { name, email, site_admin });
    },
    async updateUser(username, wanted) {
      const old = await findUser(username);
      if (!old) {
        throw new StoreError('not_found', `there is no user ${username}`);
      }
      const changed = changedFields(old, wanted);
      if (Object.keys(changed).length === 0) {
        return;
      }
      await tx('principals').where({ principal: username }).update(changed);
      recorder.change(userPut({ ...old, ...changed }));
      recorder.audit('user.update', username, changed);
      if (changed.deactivated) {
        await endKeysOf(tx, recorder, username, now());
      }
    },
    async setLegacyKey(username, digest) {
      await tx('legacy_keys')
        .insert({ principal: username, digest, created_at: now() })
        .onConflict('principal')
        .merge();
      recorder.audit('legacy_key.rotate', username);
    },
    async insertApplication(application) {
      const { name, owner, deactivated, created_at } = application;
      await insertPrincipal(tx, name, {
        name,
        email: '',
        site_admin: false,
        owner,
        deactivated,
        created_at,
        kind: 'application',
      });
      recorder.change(applicationPut(application));
      recorder.audit('application.create', name, { owner });
    },
    async updateApplication(name, wanted) {
      const old = await findApplication(name);
      if (!old) {
        throw new StoreError('not_found', `there is no application ${name}`);
      }
      const changed = changedFields(old, wanted);
      if (Object.keys(changed).length > 0) {
        await tx('principals').where({ principal: name }).update(changed);
        recorder.change(applicationPut({ ...old, ...changed }));
        recorder.audit('application.update', name, changed);
      }
    },
  };
}

async function insertPrincipal(tx: Knex.Transaction, principal: string, columns: object): Promise<void> {
  if (await tx('principals').where({ principal }).first('kind')) {
    throw new StoreError('conflict', `${principal} is taken: users and applications share their names`);
  }
  await tx('principals').insert({ principal, ...columns });
}

/** B37a: API keys stay listed and are of no use any more; the legacy key is gone until it is rotated. */
async function endKeysOf(tx: Knex.Transaction, recorder: Recorder, principal: string, now: number): Promise<void> {
  const live = await tx('api_keys').where({ principal, ended_at: null }).select('key_id').orderBy('key_id');
  await tx('api_keys').where({ principal, ended_at: null }).update({ ended_at: now });
  await tx('legacy_keys').where({ principal }).delete();
  for (const { key_id } of live) {
    recorder.change({ op: 'delete', kind: 'api_key', id: key_id });
  }
  recorder.audit('api_key.end_all', principal, { count: live.length });
}

function filtered(query: Knex.QueryBuilder, { lastUsedBefore, expired }: UserFilter, now: number): Knex.QueryBuilder {
  if (lastUsedBefore !== undefined) {
    query.whereRaw(`created_at < ? and ${timeOrNever(lastUse)} < ?`, [lastUsedBefore, lastUsedBefore]);
  }
  if (expired !== undefined) {
    const held = 'exists (select 1 from api_keys where api_keys.principal = principals.principal and expires_at <= ?)';
    query.whereRaw(expired ? held : `not ${held}`, [now]);
  }
  return query;
}

async function summarize(db: Knex, rows: readonly Record<string, unknown>[], now: number): Promise<UserSummary[]> {
  const counts: Record<string, unknown>[] = await db('api_keys')
    .whereIn(
      'principal',
      rows.map(row => String(row['principal'])),
    )
    .groupBy('principal')
    .select('principal')
    .count({ total: '*' })
    .select(db.raw('sum(case when expires_at <= ? then 1 else 0 end) as expired', [now]))
    .max({ last_used_at: 'last_used_at' });
  const byPrincipal = new Map(counts.map(row => [row['principal'], row]));
  return rows.map(row => {
    const user = toUser(row) as UserRecord;
    const count = byPrincipal.get(user.username);
    const lastUsed = count?.['last_used_at'] ?? null;
    return {
      ...user,
      api_key_count: Number(count?.['total'] ?? 0),
      expired_api_key_count: Number(count?.['expired'] ?? 0),
      last_used_at: lastUsed === null ? null : Number(lastUsed),
    };
  });
}

export function toUser(row: Record<string, unknown> | undefined): UserRecord | undefined {
  return (
    row && {
      username: String(row['principal']),
      name: String(row['name']),
      email: String(row['email']),
      site_admin: Boolean(row['site_admin']),
      deactivated: Boolean(row['deactivated']),
      created_at: Number(row['created_at']),
    }
  );
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
