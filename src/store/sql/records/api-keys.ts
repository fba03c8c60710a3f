import type { Knex } from 'knex';
import type {
  ApiKeyFilter,
  ApiKeyReads,
  ApiKeyUpdate,
  ApiKeyWrites,
  NewApiKey,
  OwnedApiKey,
  StoredApiKey,
} from '../../api-key-store.ts';
import { changedFields } from '../../changed-fields.ts';
import type { ApiKeyRecord } from '../../records.ts';
import { restoredField } from '../../restored-field.ts';
import { StoreError } from '../../store-error.ts';
import type { Recorder } from '../feed/recorder.ts';
import { apiKeyPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';
import { inChunks, mapInChunks } from '../statements/in-chunks.ts';
import { insertRows } from '../statements/insert-rows.ts';
import { type Listing, paged, timeOrNever } from '../statements/page.ts';
import { updateRows } from '../statements/update-rows.ts';
import { findRevoked, forgetRevoked, rememberRevoked } from './revoked-keys.ts';

/** Sorts behind every character that a Key ID may hold. */
const afterAnyKeyId = '~';

const listing: Listing = {
  id: 'key_id',
  searched: ['key_id', 'comments'],
  sortable: {
    created_at: 'created_at',
    expires_at: timeOrNever('expires_at'),
    last_used_at: timeOrNever('last_used_at'),
  },
};

export function apiKeyReads(db: Knex): ApiKeyReads {
  return {
    async findApiKey(keyId) {
      return toApiKey(await db('api_keys').where({ key_id: keyId }).first());
    },
    async findApiKeyByDigest(digest) {
      return toApiKey(await db('api_keys').where({ digest }).first());
    },
    async findApiKeys(keyIds) {
      return mapInChunks(
        keyIds,
        chunk => db('api_keys').whereIn('key_id', chunk),
        row => [row.key_id, { key: toApiKey(row) as ApiKeyRecord, digest: row.digest }],
      );
    },
    findRevokedKeys: keys => findRevoked(db, keys),
    async listApiKeys(principal, page, filter = {}) {
      const rows = await filtered(paged(db('api_keys').where({ principal }), page, listing), filter).select('*');
      return rows.map((row: Record<string, unknown>) => toApiKey(row) as ApiKeyRecord);
    },
    async listApiKeysBeginning(prefix, page) {
      const found = db('api_keys').join('principals', 'principals.principal', 'api_keys.principal');
      found.where('key_id', '>=', prefix).where('key_id', '<', prefix + afterAnyKeyId);
      const rows = await paged(found, page, listing).select('api_keys.*', 'principals.kind');
      return rows.map((row: Record<string, unknown>) => ({
        key: toApiKey(row) as ApiKeyRecord,
        ownerKind: row['kind'] as OwnedApiKey['ownerKind'],
      }));
    },
    async countApiKeysExpiring(after, upTo, principal) {
      // Said as the index says it, so that it is used.
      const live = db('api_keys').where({ ended_at: null, replaced_by: null, ...(principal && { principal }) });
      const counted = await live
        .where('expires_at', '>', after)
        .where('expires_at', '<=', upTo)
        .count({ count: '*' })
        .first();
      return Number(counted?.['count'] ?? 0);
    },
    async countCallers(modelId, since) {
      const used = db('api_keys')
        .where({ last_used_model: modelId, ended_at: null })
        .where('last_used_at', '>=', since);
      const counted = await used.countDistinct({ count: 'principal' }).first();
      return Number(counted?.['count'] ?? 0);
    },
  };
}

export function apiKeyWrites(tx: Knex.Transaction, recorder: Recorder, now: () => number): ApiKeyWrites {
  const insertApiKeys = (keys: readonly NewApiKey[]) => insertAll(tx, recorder, keys);
  return {
    insertApiKeys,
    async replaceApiKey(keyId, successor, wantedUntil) {
      const row = await tx('api_keys').where({ key_id: keyId }).first();
      const old = toApiKey(row);
      if (!old) {
        throw notFound(keyId);
      }
      if (old.ended_at !== null || old.replaced_by !== null) {
        throw new StoreError('conflict', `API key ${keyId} is ended or replaced already`);
      }
      const at = now();
      const until = Math.min(wantedUntil, old.expires_at ?? Number.POSITIVE_INFINITY);
      // A key that stops at once is ended, not expired: then no clock of another machine keeps it alive.
      const fate = until <= at ? { ended_at: at } : { expires_at: until };
      const replaced_by = successor.key.key_id;
      await insertApiKeys([{ ...successor, key: { ...successor.key, replaces: keyId } }]);
      await tx('api_keys')
        .where({ key_id: keyId })
        .update({ ...fate, replaced_by });
      await rememberRevoked(tx, [row], at);
      recorder.change(
        until <= at ? { op: 'delete', kind: 'api_key', id: keyId } : apiKeyPut({ ...old, ...fate }, row.digest),
      );
      recorder.audit('api_key.rotate', keyId, { principal: old.principal, replaced_by, ...fate });
      return until;
    },
    async revokeApiKey(keyId) {
      const row = await tx('api_keys').where({ key_id: keyId }).first();
      if (!row) {
        throw notFound(keyId);
      }
      if (row.ended_at === null) {
        const at = now();
        await tx('api_keys').where({ key_id: keyId }).update({ ended_at: at });
        await rememberRevoked(tx, [row], at);
        recorder.change({ op: 'delete', kind: 'api_key', id: keyId });
        recorder.audit('api_key.revoke_by_holder', keyId, { principal: row.principal });
      }
    },
    updateApiKeys: updates => updateAll(tx, recorder, updates),
    async deleteApiKey(keyId) {
      const row = await tx('api_keys').where({ key_id: keyId }).first();
      const old = toApiKey(row);
      if (!old) {
        throw notFound(keyId);
      }
      await tx('api_keys').where({ key_id: keyId }).delete();
      await rememberRevoked(tx, [row], now());
      // A predecessor may be rotated once more, and no later key of this Key ID is taken for this one.
      if (old.replaces !== null) {
        await tx('api_keys').where({ key_id: old.replaces }).update({ replaced_by: null });
      }
      if (old.replaced_by !== null) {
        await tx('api_keys').where({ key_id: old.replaced_by }).update({ replaces: null });
      }
      recorder.change({ op: 'delete', kind: 'api_key', id: keyId });
      recorder.audit('api_key.delete', keyId, { principal: old.principal });
    },
    async deleteApiKeysOf(principal) {
      const keys = await tx('api_keys').where({ principal }).select('key_id', 'digest').orderBy('key_id');
      await tx('api_keys').where({ principal }).delete();
      await rememberRevoked(tx, keys, now());
      for (const { key_id } of keys) {
        recorder.change({ op: 'delete', kind: 'api_key', id: key_id });
        recorder.audit('api_key.delete', key_id, { principal });
      }
      return keys.length;
    },
  };
}

async function insertAll(tx: Knex.Transaction, recorder: Recorder, keys: readonly NewApiKey[]): Promise<void> {
  await requireFree(tx, keys);
  await requireNoneRevoked(tx, keys);
  await insertRows(tx, 'api_keys', keys, toInsertedRow);
  for (const { key, digest, restored } of keys) {
    const { key_id, principal, comments, audiences, models, expires_at, created_by, replaces } = key;
    if (key.ended_at === null) {
      recorder.change(apiKeyPut(key, digest));
    }
    const undone = restored === undefined ? null : new Date(restored).toISOString();
    const said = Object.entries({ created_by, replaces, restored: undone });
    const details = Object.fromEntries(said.filter(([, value]) => value !== null));
    const all = { principal, comments, audiences, models, expires_at, ...details };
    recorder.audit('api_key.create', key_id, all);
  }
}

async function updateAll(tx: Knex.Transaction, recorder: Recorder, updates: readonly ApiKeyUpdate[]): Promise<void> {
  const known = await apiKeyReads(tx).findApiKeys(updates.map(({ key_id }) => key_id));
  const rows: (string | number | null)[][] = [];
  for (const { key_id, changes } of updates) {
    const stored = known.get(key_id);
    if (!stored) {
      throw notFound(key_id);
    }
    const { key: old, digest } = stored;
    const changed = changedFields<ApiKeyRecord>(old, changes);
    if (Object.keys(changed).length > 0) {
      const key = { ...old, ...changed };
      const { comments, audiences, models } = toColumns(key);
      rows.push([key_id, comments, audiences, models, key.expires_at]);
      if (key.ended_at === null) {
        recorder.change(apiKeyPut(key, digest));
      }
      recorder.audit('api_key.update', key_id, { principal: key.principal, ...withPrevious(changed, old) });
    }
  }
  const set = { comments: 'text', audiences: 'text', models: 'text', expires_at: 'bigint' } as const;
  await updateRows(tx, { table: 'api_keys', id: { key_id: 'text' }, set }, rows);
}

function filtered(
  query: Knex.QueryBuilder,
  { lastUsedBefore, expiresBefore, expired }: ApiKeyFilter,
): Knex.QueryBuilder {
  if (lastUsedBefore !== undefined) {
    query.where('created_at', '<', lastUsedBefore).whereRaw(`${timeOrNever('last_used_at')} < ?`, [lastUsedBefore]);
  }
  if (expiresBefore !== undefined) {
    query.where('expires_at', '<', expiresBefore);
  }
  if (expired !== undefined) {
    query.whereRaw(expired.is ? 'expires_at <= ?' : '(expires_at is null or expires_at > ?)', [expired.now]);
  }
  return query;
}

async function requireFree(tx: Knex.Transaction, keys: readonly StoredApiKey[]): Promise<void> {
  const ids = keys.map(({ key }) => key.key_id);
  const digests = keys.map(({ digest }) => digest);
  const [taken] = await inChunks(ids, chunk => tx('api_keys').whereIn('key_id', chunk).select('key_id'));
  const [known] = await inChunks(digests, chunk => tx('api_keys').whereIn('digest', chunk).select('key_id'));
  const [legacy] = await inChunks(digests, chunk => tx('legacy_keys').whereIn('digest', chunk).select('principal'));
  if (taken ?? known) {
    throw new StoreError(
      'conflict',
      `API key ${(taken ?? known).key_id} is there already, by its Key ID or its digest`,
    );
  }
  if (legacy) {
    throw new StoreError(
      'conflict',
      `a digest is that of the legacy key of ${legacy.principal}, which calls no models`,
    );
  }
}

/** What was ended stays so, unless that end is undone by name (B30, T53). */
async function requireNoneRevoked(tx: Knex.Transaction, keys: readonly NewApiKey[]): Promise<void> {
  const named = keys.map(({ key, digest, restored }) => ({ key_id: key.key_id, digest, restored }));
  const revoked = await findRevoked(tx, named);
  for (const { key_id, restored } of named) {
    const at = revoked.get(key_id);
    if (at !== undefined && at !== restored) {
      throw new StoreError(
        'conflict',
        `API key ${key_id} was deleted, revoked or replaced, by this Key ID or this digest: it comes back only where a site document says \`${restoredField(at)}\` of it`,
      );
    }
  }
  await forgetRevoked(
    tx,
    named.filter(({ key_id }) => revoked.has(key_id)),
  );
}

function toInsertedRow({ key, digest }: NewApiKey): Record<string, unknown> {
  return { ...toColumns(key), digest };
}

function notFound(keyId: string): StoreError {
  return new StoreError('not_found', `there is no API key ${keyId}`);
}

function toColumns(key: ApiKeyRecord) {
  const { audiences, models, ...columns } = key;
  return { ...columns, audiences: JSON.stringify(audiences), models: models && JSON.stringify(models) };
}

export function toApiKey(row: Record<string, unknown> | undefined): ApiKeyRecord | undefined {
  return (
    row && {
      key_id: String(row['key_id']),
      principal: String(row['principal']),
      comments: String(row['comments']),
      audiences: JSON.parse(String(row['audiences'])),
      models: row['models'] === null ? null : JSON.parse(String(row['models'])),
      created_at: Number(row['created_at']),
      created_by: textOrNull(row['created_by']),
      expires_at: numberOrNull(row['expires_at']),
      ended_at: numberOrNull(row['ended_at']),
      replaces: textOrNull(row['replaces']),
      replaced_by: textOrNull(row['replaced_by']),
      last_used_at: numberOrNull(row['last_used_at']),
      last_used_model: textOrNull(row['last_used_model']),
    }
  );
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : String(value);
}
