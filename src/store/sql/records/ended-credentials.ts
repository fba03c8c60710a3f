import type { Knex } from 'knex';
import type { EndedReads, EndedWrites, UserCredentials } from '../../ended-store.ts';
import type { Recorder } from '../feed/recorder.ts';
import { mapInChunks } from '../statements/in-chunks.ts';
import { endLegacyKeyOf } from './principals.ts';
import { readRevoked, writeRevoked } from './revoked-keys.ts';
import { endAllSignIns } from './sessions.ts';

export function endedReads(db: Knex): EndedReads {
  return {
    findUserCredentials: usernames =>
      mapInChunks(
        usernames,
        chunk =>
          db('principals')
            .leftJoin('legacy_keys', 'legacy_keys.principal', 'principals.principal')
            .leftJoin('oidc_identities', 'oidc_identities.principal', 'principals.principal')
            .where({ kind: 'user' })
            .whereIn('principals.principal', chunk)
            .select('principals.principal as username', 'digest', 'issuer', 'subject'),
        row => [row.username, toCredentials(row)],
      ),
    listEndedKeys: () => readRevoked(db),
    async findFirstCommit() {
      const first = await db('revisions').orderBy('revision').first('committed_at');
      return first && Number(first.committed_at);
    },
  };
}

export function endedWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): EndedWrites {
  return {
    async endLegacyKey(username) {
      await endLegacyKeyOf(tx, username, now());
      await endAllSignIns(tx, username);
      recorder.audit('legacy_key.end', username);
    },
    rememberEndedKeys: ended => writeRevoked(tx, ended),
  };
}

function toCredentials(row: Readonly<Record<string, string | null>>): UserCredentials {
  const { digest, issuer, subject } = row;
  return { legacyKeyDigest: digest ?? null, identity: issuer && subject ? { issuer, subject } : null };
}
