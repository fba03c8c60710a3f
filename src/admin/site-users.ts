import { digestOf } from '../keys/digest.ts';
import { makeSecret } from '../keys/secret.ts';
import type { UserRecord } from '../store/records.ts';
import type { NewUser, Reads, Writes } from '../store/store.ts';
import { ApiError, notFound } from './api-error.ts';
import type { Pace } from './turns/pace.ts';

/** What holds for users however they come in: by a route, by an applied document, or as the first admin. */

type NewUserFields = Pick<UserRecord, 'username' | 'name' | 'email' | 'site_admin'>;

/** A user with a legacy key that nobody has seen: the user takes one by rotating it (B35). */
export async function insertUser(writes: Writes, fields: NewUserFields, now: number): Promise<void> {
  await writes.insertUsers([newUserOf(fields, now)]);
}

/** The same of many at once. */
export async function insertUsers(
  writes: Writes,
  users: readonly NewUserFields[],
  now: number,
  pace: Pace,
): Promise<void> {
  const created: NewUser[] = [];
  for (const fields of users) {
    created.push(newUserOf(fields, now));
    if (pace.isDue) {
      await pace.pause();
    }
  }
  await writes.insertUsers(created);
}

function newUserOf(fields: NewUserFields, now: number): NewUser {
  const user = { ...fields, deactivated: false, created_at: now };
  return { user, legacyKeyDigest: digestOf(makeSecret('legacy_key')) };
}

/** The site keeps at least one site admin who can sign in; checked inside the transaction (T30). */
export async function requireSomeSiteAdmin(writes: Writes): Promise<void> {
  if ((await writes.countActiveSiteAdmins()) === 0) {
    throw new ApiError(
      'failed_precondition',
      'the site would be left without an active site admin: name another one first',
    );
  }
}

export async function requireUser(reads: Reads, username: string): Promise<UserRecord> {
  const user = await reads.findUser(username);
  if (!user) {
    throw notFound(`user ${username}`);
  }
  return user;
}

/** A deactivated user gets no new key of any kind. */
export async function requireActiveUser(reads: Reads, username: string): Promise<void> {
  if ((await requireUser(reads, username)).deactivated) {
    throw new ApiError('failed_precondition', `${username} is deactivated: activate the user first`);
  }
}
