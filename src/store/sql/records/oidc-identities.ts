import type { Knex } from 'knex';
import type { OidcIdentityReads, OidcIdentityWrites } from '../../session-store.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { endAllSignIns } from './sessions.ts';
import { toUser } from './to-user.ts';

export function oidcIdentityReads(db: Knex): OidcIdentityReads {
  return {
    async findUserByOidcIdentity({ issuer, subject }) {
      const row = await db('oidc_identities').where({ issuer, subject }).first('principal');
      return row && toUser(await db('principals').where({ principal: row.principal, kind: 'user' }).first());
    },
    async findOidcIdentityOf(username) {
      return db('oidc_identities').where({ principal: username }).first('issuer', 'subject');
    },
  };
}

export function oidcIdentityWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): OidcIdentityWrites {
  const { findUserByOidcIdentity, findOidcIdentityOf } = oidcIdentityReads(tx);
  return {
    async putOidcIdentity(username, { issuer, subject }) {
      const holder = await findUserByOidcIdentity({ issuer, subject });
      if (holder?.username === username) {
        return;
      }
      if (holder) {
        throw new StoreError('conflict', `this identity is that of ${holder.username}: take it away there first`);
      }
      if (await findOidcIdentityOf(username)) {
        await endAllSignIns(tx, username);
      }
      await tx('oidc_identities')
        .insert({ principal: username, issuer, subject, created_at: now() })
        .onConflict('principal')
        .merge();
      recorder.audit('oidc_identity.put', username, { issuer, subject });
    },
    async deleteOidcIdentity(username) {
      const old = await findOidcIdentityOf(username);
      if (old) {
        await endAllSignIns(tx, username);
        await tx('oidc_identities').where({ principal: username }).delete();
        recorder.audit('oidc_identity.delete', username, { ...old });
      }
    },
  };
}
