import { z } from 'zod';
import type { ApiKeyRecord } from '../../store/records.ts';
import { expiresWithinDays } from '../api-keys/expiry.ts';
import {
  audience,
  identifier,
  instant,
  instantFilter,
  instantOrNull,
  nextPageToken,
  page,
  plainText,
  sortedPageQuery,
  toInstant,
  toInstantOrNull,
  yesOrNo,
} from './fields.ts';

export const apiKey = z
  .object({
    key_id: z.string().describe('Names the key; it is no secret.'),
    username: z.string().describe('The user or application that owns the key.'),
    comments: z.string().describe('Text of whoever made the key.'),
    audiences: z.array(audience).describe('What the key opens: calls of models take one that holds `API`.'),
    models: z
      .union([z.array(z.string()), z.null()])
      .describe('Ids of the models that the key is narrowed to; null: all that its owner may call.'),
    created_at: instant,
    created_by: z
      .union([z.string(), z.null()])
      .describe('Who made the key, where it was somebody else than its owner; null: its owner, or it is not known.'),
    expiry_date: instantOrNull.describe('When the key expires; null: never, which only an import can say.'),
    expired: z.boolean().describe('Whether it has expired.'),
    expires_within_days: z
      .union([z.literal(7), z.literal(30), z.null()])
      .describe('The narrowest of these in which the key expires; null: it does later, never, or has.'),
    exceeds_default_expiration: z
      .boolean()
      .describe("Whether the expiry lies beyond today's default, as it may after the default was lowered."),
    ended_at: instantOrNull.describe(
      "When the key was ended for good: by its owner's deactivation, a rotation without overlap, or its holder; null: it was not.",
    ),
    replaces: z.union([z.string(), z.null()]).describe('Key ID of the key that this one is the successor of.'),
    replaced_by: z.union([z.string(), z.null()]).describe('Key ID of its successor.'),
    last_used_at: instantOrNull.describe(
      'Last call that it was let through for, accurate to a minute; null: never used.',
    ),
    last_used_model: z.union([z.string(), z.null()]).describe('Id of the model that was called then.'),
  })
  .meta({ id: 'ApiKey', description: 'An API key, without its secret.' });
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeyList = z
  .object({ api_keys: z.array(apiKey), next_page_token: nextPageToken })
  .meta({ id: 'ApiKeyList' });
export type ApiKeyList = z.infer<typeof apiKeyList>;

export const foundApiKey = apiKey
  .extend({ owner_kind: z.enum(['user', 'application']).describe('What its owner is.') })
  .meta({ id: 'FoundApiKey', description: 'An API key of anybody, without its secret.' });
export const foundApiKeyList = z
  .object({ api_keys: z.array(foundApiKey), next_page_token: nextPageToken })
  .meta({ id: 'FoundApiKeyList' });
export type FoundApiKeyList = z.infer<typeof foundApiKeyList>;
/** Characters of a Key ID that must be known: so few keys begin alike that nobody reads the site's keys by it. */
const keyIdPrefixMin = 4;
export const foundApiKeyQuery = z.strictObject({
  ...page,
  key_id_prefix: identifier
    .min(keyIdPrefixMin, `must be at least ${keyIdPrefixMin} characters`)
    .describe('How the Key ID begins, or the whole of it.'),
});

export const createdApiKey = apiKey
  .extend({ api_key: z.string().describe('The secret (mgk_…); it is shown this once.') })
  .meta({ id: 'CreatedApiKey', description: 'A new API key with its secret: the one answer that shows it.' });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

/** Longest and usual time that a rotated key lives beside its successor (B43). */
const overlapSecondsMax = 30 * 86_400;
const overlapSecondsDefault = 86_400;

export const rotateApiKey = z
  .strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(overlapSecondsMax)
      .default(overlapSecondsDefault)
      .describe('How long the old key goes on, in seconds; never past its own expiry. 0: it stops with the answer.'),
    expiry_date: z.string().max(64).optional().describe("The successor's expiry, as at creation."),
  })
  .meta({ id: 'KeyRotation' });
export const rotatedApiKey = createdApiKey
  .extend({ previous_works_until: instant.describe('When the key before it stops.') })
  .meta({ id: 'RotatedApiKey', description: 'The successor with its secret.' });
export type RotatedApiKey = z.infer<typeof rotatedApiKey>;

export const keyComments = plainText(1000).describe('Text to know the key by.');
export const keyAudiences = z
  .array(audience)
  .min(1)
  .max(2)
  .describe('What the key opens: calls of models take one that holds `API`.');
export const keyModels = z.array(identifier).min(1).max(100);
export const newApiKey = z
  .strictObject({
    expiry_date: z
      .string()
      .max(64)
      .optional()
      .describe(
        "RFC 3339, or YYYY-MM-DD for the end of that day in UTC; absent: the site's default from now. Later than that default allows is refused.",
      ),
    comments: keyComments.default(''),
    audiences: keyAudiences.default(['API']),
    models: keyModels
      .optional()
      .describe('Ids of the models that the key is narrowed to; absent: all that its owner may call.'),
  })
  .meta({ id: 'NewApiKey' });
export const apiKeyQuery = sortedPageQuery('key_id', 'created_at', 'expiry_date', 'last_used_at').extend({
  last_used_before: instantFilter.optional().describe('Only keys last used before this instant, or never.'),
  expires_before: instantFilter.optional().describe('Only keys that expire before this instant.'),
  expired: yesOrNo.optional().describe('Only expired keys, or only others.'),
});
export const deletedCount = z
  .object({ deleted: z.number().int().describe('How many keys were deleted.') })
  .meta({ id: 'DeletedCount' });
export type DeletedCount = z.infer<typeof deletedCount>;

/** `latestAllowed` is the last instant that a new key may expire at today, `now` tells expired keys. */
export function toApiKey(record: ApiKeyRecord, now: number, latestAllowed: number): ApiKey {
  const { key_id, principal, comments, models, expires_at, last_used_model } = record;
  return {
    key_id,
    username: principal,
    comments,
    audiences: record.audiences as ApiKey['audiences'],
    models: models === null ? null : [...models],
    created_at: toInstant(record.created_at),
    created_by: record.created_by,
    expiry_date: toInstantOrNull(expires_at),
    expired: expires_at !== null && expires_at <= now,
    expires_within_days: record.ended_at === null ? expiresWithinDays(expires_at, now) : null,
    exceeds_default_expiration: expires_at === null || expires_at > latestAllowed,
    ended_at: toInstantOrNull(record.ended_at),
    replaces: record.replaces,
    replaced_by: record.replaced_by,
    last_used_at: toInstantOrNull(record.last_used_at),
    last_used_model,
  };
}
