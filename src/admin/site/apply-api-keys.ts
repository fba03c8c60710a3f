import type { ApiKeyUpdate, NewApiKey, StoredApiKey } from '../../store/api-key-store.ts';
import { changedFields } from '../../store/changed-fields.ts';
import type { ApiKeyRecord } from '../../store/records.ts';
import { restoredField } from '../../store/restored-field.ts';
import { ApiError, fieldError } from '../api-error.ts';
import { defaultExpiry, parseExpiry } from '../api-keys/expiry.ts';
import type { SiteApiKey } from '../schemas/site.ts';
import { type Apply, writeAll } from './step.ts';

/** What a new key needs to know of the site, read once: an import may bring a hundred thousand. */
interface Surroundings {
  readonly owners: ReadonlyMap<string, { readonly active: boolean }>;
  readonly defaultDays: number;
  readonly now: number;
  readonly caller: string;
}

/** Keys brought in by digest: their holders go on using them, and nobody here ever sees them. */
export async function applyApiKeys(apply: Apply): Promise<void> {
  const { writes, known, now, caller, pace } = apply;
  const keys = apply.document.api_keys ?? [];
  const owners = new Set<string>();
  for await (const { username } of pace.over(keys)) {
    owners.add(username);
  }
  const surroundings: Surroundings = {
    owners: await writes.findPrincipals([...owners]),
    defaultDays: (await writes.readSettings()).default_api_key_expiration_days,
    now,
    caller,
  };
  const updated: ApiKeyUpdate[] = [];
  const created: NewApiKey[] = [];
  for (const [at, key] of keys.entries()) {
    const old = known.keys.get(key.key_id);
    const revokedAt = known.revokedKeys.get(key.key_id);
    const isSkipped = revokedAt !== undefined && (old ? key.restored !== undefined : !undoes(key, revokedAt));
    if (isSkipped) {
      apply.skipped('api_key', key.key_id, old ? stillListed(revokedAt) : revoked(revokedAt));
    }
    if (old) {
      updated.push(...updateOf(old, key, at, revokedAt !== undefined));
    } else if (!isSkipped) {
      requireNoEqual(apply, key, at);
      created.push({ ...newKey(key, surroundings, at), restored: revokedAt });
    }
    if (pace.isDue) {
      await pace.pause();
    }
  }
  await writeAll(apply, 'api_key', updated, {
    write: piece => writes.updateApiKeys(piece),
    idOf: ({ key_id }) => key_id,
    before: id => known.keys.get(id)?.key,
    after: ({ changes }) => changes,
  });
  await writeAll(apply, 'api_key', created, {
    write: piece => writes.insertApiKeys(piece),
    idOf: ({ key }) => key.key_id,
    after: ({ key, restored }) => ({ ...key, restored }),
  });
}

/** Nobody makes a key of another site admin, by a digest of their choice neither (B35). Whom this document makes a site admin was none before. */
function requireNoEqual({ known, caller }: Apply, { username }: SiteApiKey, at: number): void {
  if (username !== caller && known.users.get(username)?.site_admin) {
    const field = `api_keys.${at}.username`;
    const description = `${username} is another site admin, in whose name nobody acts: only ${username} may bring in this key`;
    throw new ApiError('permission_denied', `${field}: ${description}`, [{ field, description }]);
  }
}

/** A document that undid one end of a key, and is applied again, undoes no later one. */
function undoes({ restored }: SiteApiKey, revokedAt: number): boolean {
  return restored !== undefined && Date.parse(restored) === revokedAt;
}

function revoked(at: number): string {
  return `was deleted, revoked or replaced on ${dayOf(at)}, by this Key ID or this digest: take it out of the document, or say \`${restoredField(at)}\` of it there`;
}

function stillListed(at: number): string {
  return `was revoked or replaced on ${dayOf(at)}, and is still listed: only a key that is deleted can be restored`;
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** None where the key is as it is wanted. */
function updateOf(old: StoredApiKey, wanted: SiteApiKey, at: number, wasRevoked: boolean): ApiKeyUpdate[] {
  const { key_id, username, digest, comments, audiences, models } = wanted;
  // A Key ID stands for one secret of one owner for good: a change of either is another key.
  if (old.key.principal !== username || old.digest !== digest) {
    throw fieldError(`api_keys.${at}.key_id`, 'this Key ID has another owner or digest; give a new key another Key ID');
  }
  const changes = changedFields<ApiKeyRecord>(old.key, {
    comments,
    audiences: audiences && [...new Set(audiences)],
    models,
    expires_at:
      wasRevoked || old.key.replaced_by !== null ? keptShort(old.key, expiryOf(wanted, at)) : expiryOf(wanted, at),
  });
  return Object.keys(changes).length > 0 ? [{ key_id, changes }] : [];
}

/** A key that was rotated ends when its owner was told it would, whatever a document from before says, or becomes of its successor (B43). */
function keptShort({ expires_at }: ApiKeyRecord, wanted: number | null | undefined): number | null | undefined {
  const isLonger = wanted === null || (wanted !== undefined && expires_at !== null && wanted > expires_at);
  return isLonger ? undefined : wanted;
}

function newKey(wanted: SiteApiKey, { owners, defaultDays, now, caller }: Surroundings, at: number): StoredApiKey {
  const { key_id, username, digest, comments, audiences, models } = wanted;
  const expires_at = expiryOf(wanted, at);
  const key: ApiKeyRecord = {
    key_id,
    principal: username,
    comments: comments ?? '',
    audiences: [...new Set(audiences ?? ['API'])],
    models: models ?? null,
    created_at: now,
    created_by: username === caller ? null : caller,
    expires_at: expires_at === undefined ? defaultExpiry(now, defaultDays) : expires_at,
    // Keys of a deactivated owner are ended, those that come in later too (B37a).
    ended_at: owners.get(username)?.active ? null : now,
    replaces: null,
    replaced_by: null,
    last_used_at: null,
    last_used_model: null,
  };
  return { key, digest };
}

function expiryOf({ expiry_date }: SiteApiKey, at: number): number | null | undefined {
  return typeof expiry_date === 'string' ? parseExpiry(expiry_date, `api_keys.${at}.expiry_date`) : expiry_date;
}
