import { z } from 'zod';
import type { ApiKeyRecord } from '../../store/records.ts';
import { expiresWithinDays } from '../expiry.ts';
import {
  audience,
  identifier,
  instant,
  instantFilter,
  instantOrNull,
  nextPageToken,
  sortedPageQuery,
  toInstant,
  toInstantOrNull,
  wellFormedText,
  yesOrNo,
} from './fields.ts';

export const apiKey = z.object({
  key_id: z.string(),
  /** The user or application that owns the key. */
  username: z.string(),
  comments: z.string(),
  audiences: z.array(audience),
  /** Models that the key is narrowed to; null: all of its owner's. */
  models: z.union([z.array(z.string()), z.null()]),
  created_at: instant,
  /** null: never, which only an import can say. */
  expiry_date: instantOrNull,
  expired: z.boolean(),
  /** The narrowest of these in which the key expires; null: it does later, never, or has. */
  expires_within_days: z.union([z.literal(7), z.literal(30), z.null()]),
  /** Whether the expiry lies beyond today's default, as it may after the default was lowered (B31). */
  exceeds_default_expiration: z.boolean(),
  /** When the key was ended for good: by its owner's deactivation, a rotation without overlap, or its holder. */
  ended_at: instantOrNull,
  /** Key IDs of the key that it replaces, and of the one that replaces it. */
  replaces: z.union([z.string(), z.null()]),
  replaced_by: z.union([z.string(), z.null()]),
  last_used_at: instantOrNull,
  last_used_model: z.union([z.string(), z.null()]),
});
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeyList = z.object({ api_keys: z.array(apiKey), next_page_token: nextPageToken });
export type ApiKeyList = z.infer<typeof apiKeyList>;

/** The one answer that holds a secret. */
export const createdApiKey = apiKey.extend({ api_key: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

/** Longest and usual time that a rotated key lives beside its successor (B43). */
const overlapSecondsMax = 30 * 86_400;
const overlapSecondsDefault = 86_400;

export const rotateApiKey = z.strictObject({
  /** How long the old key goes on; never past its own expiry. 0: it stops with the answer. */
  overlap_seconds: z.number().int().min(0).max(overlapSecondsMax).default(overlapSecondsDefault),
  /** The successor's, as at creation. */
  expiry_date: z.string().max(64).optional(),
});
/** The successor with its secret, and when the key before it stops. */
export const rotatedApiKey = createdApiKey.extend({ previous_works_until: instant });
export type RotatedApiKey = z.infer<typeof rotatedApiKey>;

export const keyComments = z.string().max(1000).regex(wellFormedText, 'must hold no control characters');
export const keyAudiences = z.array(audience).min(1).max(2);
export const keyModels = z.array(identifier).min(1).max(100);
export const newApiKey = z.strictObject({
  /** RFC 3339, or YYYY-MM-DD for the end of that day in UTC. */
  expiry_date: z.string().max(64).optional(),
  comments: keyComments.default(''),
  audiences: keyAudiences.default(['API']),
  models: keyModels.optional(),
});
export const apiKeyQuery = sortedPageQuery('key_id', 'created_at', 'expiry_date', 'last_used_at').extend({
  last_used_before: instantFilter.optional(),
  expires_before: instantFilter.optional(),
  expired: yesOrNo.optional(),
});
export const deletedCount = z.object({ deleted: z.number().int() });
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
