import type { StoredApiKey } from '../../store/api-key-store.ts';
import type { ApiKeyRecord } from '../../store/records.ts';
import { fieldError } from '../api-error.ts';
import { defaultExpiry, parseExpiry } from '../expiry.ts';
import type { SiteApiKey } from '../schemas/site.ts';
import { type Apply, differs, given } from './step.ts';

/** What the keys of one document are held against, read once: an import may bring a hundred thousand. */
interface Known {
  readonly keys: ReadonlyMap<string, StoredApiKey>;
  readonly owners: ReadonlyMap<string, { readonly active: boolean }>;
  readonly models: ReadonlySet<string>;
  readonly defaultDays: number;
}

/** Keys brought in by digest: their holders go on using them, and nobody here ever sees them. */
export async function applyApiKeys(apply: Apply, keys: readonly SiteApiKey[]): Promise<void> {
  if (keys.length === 0) {
    return;
  }
  const { writes } = apply;
  const known: Known = {
    keys: await writes.findApiKeys(keys.map(({ key_id }) => key_id)),
    owners: await writes.findPrincipals([...new Set(keys.map(({ username }) => username))]),
    models: await writes.findModelIds([...new Set(keys.flatMap(({ models }) => models ?? []))]),
    defaultDays: (await writes.readSettings()).default_api_key_expiration_days,
  };
  const created: StoredApiKey[] = [];
  for (const key of keys) {
    requireKnownModels(key, known);
    const old = known.keys.get(key.key_id);
    if (old) {
      await updateKey(apply, old, key);
    } else {
      created.push(newKey(key, known, apply.now));
    }
  }
  await writes.insertApiKeys(created);
  for (const { key } of created) {
    apply.done('create', 'api_key', key.key_id);
  }
}

async function updateKey({ writes, step }: Apply, old: StoredApiKey, wanted: SiteApiKey): Promise<void> {
  const { key_id, username, digest, comments, audiences, models } = wanted;
  // A Key ID stands for one secret of one owner for good: a change of either is another key.
  if (old.key.principal !== username || old.digest !== digest) {
    throw fieldError(`api_keys.${key_id}`, 'this Key ID has another owner or digest; give a new key another Key ID');
  }
  const changes = { comments, audiences: audiences && [...new Set(audiences)], models, expires_at: expiryOf(wanted) };
  if (differs(old.key, changes)) {
    await step('update', 'api_key', key_id, () => writes.updateApiKey(key_id, given(changes)));
  }
}

function newKey(wanted: SiteApiKey, known: Known, now: number): StoredApiKey {
  const { key_id, username, digest, comments, audiences, models } = wanted;
  const owner = known.owners.get(username);
  if (!owner) {
    throw fieldError(`api_keys.${key_id}.username`, `there is no user or application ${username}`);
  }
  const expires_at = expiryOf(wanted);
  const key: ApiKeyRecord = {
    key_id,
    principal: username,
    comments: comments ?? '',
    audiences: [...new Set(audiences ?? ['API'])],
    models: models ?? null,
    created_at: now,
    expires_at: expires_at === undefined ? defaultExpiry(now, known.defaultDays) : expires_at,
    // Keys of a deactivated owner are ended, those that come in later too (B37a).
    ended_at: owner.active ? null : now,
    replaces: null,
    replaced_by: null,
    last_used_at: null,
    last_used_model: null,
  };
  return { key, digest };
}

function expiryOf({ key_id, expiry_date }: SiteApiKey): number | null | undefined {
  return typeof expiry_date === 'string' ? parseExpiry(expiry_date, `api_keys.${key_id}.expiry_date`) : expiry_date;
}

function requireKnownModels({ key_id, models }: SiteApiKey, known: Known): void {
  const unknown = models?.find(model => !known.models.has(model));
  if (unknown !== undefined) {
    throw fieldError(`api_keys.${key_id}.models`, `there is no model ${unknown}`);
  }
}
