import type { Knex } from 'knex';
import { changedFields } from '../../changed-fields.ts';
import type { UserRecord, UserSummary } from '../../records.ts';
import type { UserReads, UserWrites } from '../../store.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { userPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { mapInChunks } from '../statements/in-chunks.ts';
import { type Listing, paged, timeOrNever } from '../statements/page.ts';
import { findUnclearNames, isNameFree } from './free-names.ts';
import { insertUsers, noteNewUser } from './insert-users.ts';
import {
  deletePrincipal,
  endKeysOf,
  endLegacyKeyOf,
  filteredByKeys,
  insertPrincipal,
  lastUse,
  summarizeKeys,
} from './principals.ts';
import { endAllSignIns } from './sessions.ts';
import { toUser } from './to-user.ts';

const listing: Listing = {
  id: 'principal',
  searched: ['principal', 'name', 'email'],
  sortable: { name: 'name', created_at: 'created_at', last_used_at: timeOrNever(lastUse) },
};

export function userReads(db: Knex): UserReads {
  const users = () => db('principals').where({ kind: 'user' });
  return {
    async findPrincipals(names) {
      return mapInChunks(
        names,
        chunk => db('principals').whereIn('principal', chunk).select('principal', 'deactivated', 'kind'),
        ({ principal, deactivated, kind }) => [principal, { active: !deactivated, kind }],
      );
    },
    isNameFree: name => isNameFree(db, name),
    findUnclearNames: limit => findUnclearNames(db, limit),
    async findUsers(usernames) {
      return mapInChunks(
        usernames,
        chunk => users().whereIn('principal', chunk),
        row => [row.principal, toUser(row) as UserRecord],
      );
    },
    async findUser(username) {
      return toUser(await users().where({ principal: username }).first());
    },
    async listUsers(page, now, filter = {}) {
      return summarize(db, await filteredByKeys(paged(users(), page, listing), filter, now).select('*'), now);
    },
    async summarizeUser(username, now) {
      const [summary] = await summarize(db, await users().where({ principal: username }), now);
      return summary;
    },
    async listActiveSiteAdmins(limit) {
      const rows = await users()
        .where({ site_admin: true, deactivated: false })
        .orderBy(['created_at', 'principal'])
        .limit(limit);
      return rows.map(row => toUser(row) as UserRecord);
    },
    async countActiveSiteAdmins() {
      const counted = await users().where({ site_admin: true, deactivated: false }).count({ count: '*' }).first();
      return Number(counted?.['count'] ?? 0);
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
  const { findUser } = userReads(tx);
  const existing = async (username: string): Promise<UserRecord> => {
    const user = await findUser(username);
    if (!user) {
      throw new StoreError('not_found', `there is no user ${username}`);
    }
    return user;
  };
  return {
    async insertUser(user) {
      const { username, ...columns } = user;
      await insertPrincipal(tx, username, { ...columns, kind: 'user' });
      noteNewUser(recorder, user);
    },
    insertUsers: users => insertUsers(tx, recorder, users, now()),
    async updateUser(username, wanted) {
      const old = await existing(username);
      const changed = changedFields(old, wanted);
      if (Object.keys(changed).length === 0) {
        return;
      }
      await tx('principals').where({ principal: username }).update(changed);
      recorder.change(userPut({ ...old, ...changed }));
      recorder.audit('user.update', username, withPrevious(changed, old));
      if (changed.deactivated) {
        await endKeysOf(tx, recorder, username, now());
      }
      if (changed.deactivated || changed.site_admin !== undefined) {
        await endAllSignIns(tx, username);
      }
    },
    async setLegacyKey(username, digest, { keptSession, shownTo } = {}) {
      await endLegacyKeyOf(tx, username, now());
      await tx('legacy_keys').insert({ principal: username, digest, created_at: now() });
      await endAllSignIns(tx, username, keptSession);
      const isForAnother = shownTo !== undefined && shownTo !== username;
      recorder.audit('legacy_key.rotate', username, isForAnother ? { shown_to: shownTo } : {});
    },
    async deleteUser(username) {
      await existing(username);
      await requireOwnerOfNothing(tx, username);
      await deletePrincipal(tx, recorder, username, now);
      recorder.audit('user.delete', username);
    },
  };
}

/** Things named in a refusal; the rest is counted. */
const namesShown = 5;

async function requireOwnerOfNothing(tx: Knex.Transaction, username: string): Promise<void> {
  const projects = await tx('projects').where({ owner_user: username }).orderBy('project_id').pluck('project_id');
  const applications = await tx('principals').where({ owner: username }).orderBy('principal').pluck('principal');
  const owned = [...projects.map(id => `project ${id}`), ...applications.map(name => `application ${name}`)];
  if (owned.length > 0) {
    const more = owned.length > namesShown ? ` and ${owned.length - namesShown} more` : '';
    throw new StoreError(
      'has_dependents',
      `${username} still owns ${owned.slice(0, namesShown).join(', ')}${more}: give them another owner, or delete them, first`,
    );
  }
}

async function summarize(db: Knex, rows: readonly Record<string, unknown>[], now: number): Promise<UserSummary[]> {
  const users = rows.map(row => toUser(row) as UserRecord);
  const keysOf = await summarizeKeys(
    db,
    users.map(({ username }) => username),
    now,
  );
  return users.map(user => ({ ...user, ...keysOf(user.username) }));
}
