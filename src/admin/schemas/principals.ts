import { z } from 'zod';
import { instantFilter, instantOrNull, toInstant, toInstantOrNull, yesOrNo } from './fields.ts';

/** What users and applications have in common: API keys, as their lists count and find them. */

export const keySummary = {
  api_key_count: z.number().int().describe('All keys that exist, expired ones too.'),
  expired_api_key_count: z.number().int().describe('How many of them have expired.'),
  last_used_at: instantOrNull.describe('Last use of any of its API keys; null: none was ever used.'),
};

export const keySummaryQuery = {
  last_used_before: instantFilter
    .optional()
    .describe('Only those whose keys were all last used before this instant, or never.'),
  expired: yesOrNo.optional().describe('Only those that hold an expired key, or none.'),
};

/** A summary of the store with its times, in milliseconds since 1970, as RFC 3339 in UTC. */
export function withInstants<T extends { readonly last_used_at: number | null; readonly created_at: number }>(
  summary: T,
) {
  return {
    ...summary,
    last_used_at: toInstantOrNull(summary.last_used_at),
    created_at: toInstant(summary.created_at),
  };
}
