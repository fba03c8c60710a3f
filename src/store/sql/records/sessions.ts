import type { Knex } from 'knex';
import type { SessionRecord, SignInLinkRecord, SignInMethod, UserRecord } from '../../records.ts';
import type { SessionReads, SessionWrites } from '../../session-store.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { toUser } from './to-user.ts';

/** Sessions, and links, that a user has at once: whoever can sign in must not fill the disk by it. */
const heldMax = 100;

export function sessionReads(db: Knex): SessionReads {
  return {
    async findSession(digest) {
      const row = await db('sessions').where({ digest }).first();
      const user = row && toUser(await db('principals').where({ principal: row.principal }).first());
      return user && { session: toSession(row), user: user as UserRecord };
    },
    async findSignInLink(digest) {
      return toLink(await db('sign_in_links').where({ digest }).first());
    },
  };
}

export function sessionWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): SessionWrites {
  const { findSession, findSignInLink } = sessionReads(tx);
  return {
    async insertSession(digest, { username, ...columns }, details = {}) {
      await requireActiveUser(tx, username);
      await makeRoom(tx, 'sessions', 'last_used_at', username, now());
      await tx('sessions').insert({ digest, principal: username, ...columns });
      recorder.audit('session.create', username, { sign_in_method: columns.sign_in_method, ...details });
    },
    async deleteSession(digest) {
      const found = await findSession(digest);
      if (found) {
        await tx('sessions').where({ digest }).delete();
        recorder.audit('session.delete', found.session.username);
      }
    },
    async insertSignInLink(digest, { username, ...columns }) {
      await requireActiveUser(tx, username);
      await makeRoom(tx, 'sign_in_links', 'expires_at', username, now());
      await tx('sign_in_links').insert({ digest, principal: username, ...columns });
      recorder.audit('sign_in_link.create', username, { made_by: columns.made_by, expires_at: columns.expires_at });
    },
    async takeSignInLink(digest) {
      const link = await findSignInLink(digest);
      await tx('sign_in_links').where({ digest }).delete();
      return link;
    },
  };
}

/** Nothing signs in whoever is deactivated, however that was asked for. */
async function requireActiveUser(tx: Knex.Transaction, username: string): Promise<void> {
  if (!(await tx('principals').where({ principal: username, kind: 'user', deactivated: false }).first('kind'))) {
    throw new StoreError('not_found', `there is no active user ${username}`);
  }
}

/** Takes what is over away, and so many of a user's oldest that there is room for one more. */
async function makeRoom(
  tx: Knex.Transaction,
  table: 'sessions' | 'sign_in_links',
  oldestFirst: string,
  principal: string,
  now: number,
): Promise<void> {
  await tx(table).where('expires_at', '<=', now).delete();
  const kept = tx(table)
    .where({ principal })
    .orderBy(oldestFirst, 'desc')
    .limit(heldMax - 1)
    .select('digest');
  await tx(table).where({ principal }).whereNotIn('digest', kept).delete();
}

/**
 * Ends all that signs a user in, and was: its sessions, but for the one that is kept, the links to it, and the links that
 * it made for others. One session makes links, and a link the next session, so no way in tells what a leaked key, or an identity
 * that was taken away, made (T53).
 */
export async function endAllSignIns(tx: Knex.Transaction, principal: string, keptSession = ''): Promise<void> {
  await tx('sign_in_links').where({ principal }).orWhere({ made_by: principal }).delete();
  await tx('sessions').where({ principal }).whereNot({ digest: keptSession }).delete();
}

/** Notes that a session was used; no revision, no audit. Nothing happens where a later use is noted, or the session is gone. */
export async function touchSession(db: Knex, digest: string, at: number): Promise<void> {
  await db('sessions').where({ digest }).where('last_used_at', '<', at).update({ last_used_at: at });
}

function toSession(row: Record<string, unknown>): SessionRecord {
  return {
    username: String(row['principal']),
    sign_in_method: row['sign_in_method'] as SignInMethod,
    created_at: Number(row['created_at']),
    last_used_at: Number(row['last_used_at']),
    expires_at: Number(row['expires_at']),
  };
}

function toLink(row: Record<string, unknown> | undefined): SignInLinkRecord | undefined {
  return (
    row && {
      username: String(row['principal']),
      made_by: String(row['made_by']),
      expires_at: Number(row['expires_at']),
    }
  );
}
