import type { ApiKeyRecord } from '../../store/records.ts';
import { fieldError } from '../api-error.ts';
import { defaultExpiry, parseExpiry } from '../expiry.ts';
import type { SiteApiKey } from '../schemas/site.ts';
import { type Apply, differs, given } from './step.ts';

/** Keys brought in by digest: their holders go on using them, and nobody here ever sees them. */
export async function applyApiKeys(apply: Apply, keys: readonly SiteApiKey[]): Promise<void> {
  const { default_api_key_expiration_days: days } = await apply.writes.readSettings();
  for (const key of keys) {
    await applyApiKey(apply, key, days);
  }
}

async function applyApiKey({ writes, now, step }: Apply, key: SiteApiKey, days: number): Promise<void> {
  const { key_id, username, digest, expiry_date, comments, audiences, models } = key;
  const expires_at = typeof expiry_date === 'string' ? parseExpiry(expiry_date) : expiry_date;
  const old = await writes.findApiKey(key_id);
  if (old) {
    await requireSameKey(old, (await writes.findApiKeyByDigest(digest))?.key_id, key);
    const wanted = { comments, audiences, models, expires_at };
    if (differs(old, wanted)) {
      await step('update', 'api_key', key_id, () => writes.updateApiKey(key_id, given(wanted)));
    }
    return;
  }
  if (!(await writes.findUser(username)) && !(await writes.findApplication(username))) {
    throw fieldError(`api_keys.${key_id}.username`, `there is no user or application ${username}`);
  }
  const created: ApiKeyRecord = {
    key_id,
    principal: username,
    comments: comments ?? '',
    audiences: audiences ?? ['API'],
    models: models ?? null,
    created_at: now,
    expires_at: expires_at === undefined ? defaultExpiry(now, days) : expires_at,
    ended_at: null,
    last_used_at: null,
    last_used_model: null,
  };
  await step('create', 'api_key', key_id, () => writes.insertApiKey(created, digest));
}

/** A Key ID stands for one secret of one owner for good: a change of either is another key. */
async function requireSameKey(old: ApiKeyRecord, keyWithDigest: string | undefined, wanted: SiteApiKey): Promise<void> {
  if (old.principal !== wanted.username || keyWithDigest !== wanted.key_id) {
    throw fieldError(
      `api_keys.${wanted.key_id}`,
      'this Key ID has another owner or digest; give a new key another Key ID',
    );
  }
}
