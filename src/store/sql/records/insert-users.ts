import type { Knex } from 'knex';
import type { UserRecord } from '../../records.ts';
import type { NewUser } from '../../store.ts';
import type { Recorder } from '../feed/recorder.ts';
import { userPut } from '../feed/to-rows.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { requireFreeNames } from './free-names.ts';

/** New users with their first legacy keys, many in few statements. Rejects with `conflict` where a name is taken. */
export async function insertUsers(
  tx: Knex.Transaction,
  recorder: Recorder,
  users: readonly NewUser[],
  now: number,
): Promise<void> {
  await requireFreeNames(
    tx,
    users.map(({ user }) => user.username),
  );
  const principals = users.map(({ user: { username, ...columns } }) => ({
    principal: username,
    ...columns,
    kind: 'user',
  }));
  const keys = users.map(({ user, legacyKeyDigest: digest }) => ({
    principal: user.username,
    digest,
    created_at: now,
  }));
  await insertRows(tx, 'principals', principals);
  await insertRows(tx, 'legacy_keys', keys);
  for (const { user } of users) {
    noteNewUser(recorder, user);
  }
}

export function noteNewUser(recorder: Recorder, user: UserRecord): void {
  const { username, name, email, site_admin } = user;
  recorder.change(userPut(user));
  recorder.audit('user.create', username, { name, email, site_admin });
}
