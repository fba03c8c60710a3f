import { makeKeyId } from '../../keys/access-key.ts';
import type { ApiKeyRecord } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { fieldError } from '../api-error.ts';
import type { AdminContext } from '../context.ts';
import { type ApiKey, toApiKey } from '../schemas/api-keys.ts';
import { chosenExpiry, defaultExpiry, latestExpiry } from './expiry.ts';

/** What is chosen of a new key. */
interface NewKey {
  readonly comments: string;
  readonly audiences: readonly string[];
  readonly models?: readonly string[] | null | undefined;
  readonly expiry_date?: string | undefined;
}

/** The record of a key that a caller makes for an owner, with an expiry that is chosen within the site's limit, or the default (B29). */
export async function newKeyRecord(
  reads: Reads,
  { principal, caller }: { readonly principal: string; readonly caller: string },
  wanted: NewKey,
  now: number,
): Promise<ApiKeyRecord> {
  const { default_api_key_expiration_days: days } = await reads.readSettings();
  const { comments, audiences, models, expiry_date } = wanted;
  return {
    key_id: makeKeyId(),
    principal,
    comments,
    audiences: [...new Set(audiences)],
    models: models ? [...new Set(models)] : null,
    created_at: now,
    created_by: caller === principal ? null : caller,
    expires_at: expiry_date === undefined ? defaultExpiry(now, days) : chosenExpiry(expiry_date, now, days),
    ended_at: null,
    replaces: null,
    replaced_by: null,
    last_used_at: null,
    last_used_model: null,
  };
}

/**
 * A key narrowed to a model that its owner can't call would be of no use, and most likely is a slip of the
 * pen. Models of others are not told from models that are not there.
 */
export async function requireModels(
  { storedPermission }: AdminContext,
  principal: string,
  reads: Reads,
  modelIds: readonly string[],
): Promise<void> {
  for (const modelId of modelIds) {
    const model = await reads.findModel(modelId);
    if (!model || (await storedPermission(reads, model.project_id, principal)) === undefined) {
      throw fieldError('models', `${principal} may call no model ${modelId}`);
    }
  }
}

/** How a key is shown at an instant, given the site's default expiration. */
export async function shownAt(reads: Reads, now: number): Promise<(key: ApiKeyRecord) => ApiKey> {
  const { default_api_key_expiration_days: days } = await reads.readSettings();
  return key => toApiKey(key, now, latestExpiry(now, days));
}
