import { z } from 'zod';
import type { ApplicationSummary } from '../../store/records.ts';
import {
  identifier,
  instant,
  instantFilter,
  instantOrNull,
  nextPageToken,
  sortedPageQuery,
  toInstant,
  toInstantOrNull,
  yesOrNo,
} from './fields.ts';

export const application = z.object({
  name: z.string(),
  owner: z.string(),
  /** Then only a site admin can manage the application; its keys go on. */
  owner_deactivated: z.boolean(),
  deactivated: z.boolean(),
  /** All keys that exist, expired ones too. */
  api_key_count: z.number().int(),
  expired_api_key_count: z.number().int(),
  last_used_at: instantOrNull,
  created_at: instant,
});
export type Application = z.infer<typeof application>;
export const applicationList = z.object({ applications: z.array(application), next_page_token: nextPageToken });
export type ApplicationList = z.infer<typeof applicationList>;

export const newApplication = z.strictObject({
  name: identifier,
  /** Absent: the caller. Somebody else: a site admin may say so. */
  owner: identifier.optional(),
});
export const applicationChanges = z.strictObject({
  /** A site admin may say so. */
  owner: identifier.optional(),
  deactivated: z.boolean().optional(),
});
export const applicationQuery = sortedPageQuery('name', 'owner', 'created_at', 'last_used_at').extend({
  owner: identifier.optional(),
  owner_deactivated: yesOrNo.optional(),
  /** Whose keys were all last used before this, or never. */
  last_used_before: instantFilter.optional(),
  /** What holds an expired key, or none. */
  expired: yesOrNo.optional(),
});
export const applicationPath = z.strictObject({ name: identifier });

export function toApplication(summary: ApplicationSummary): Application {
  return {
    ...summary,
    last_used_at: toInstantOrNull(summary.last_used_at),
    created_at: toInstant(summary.created_at),
  };
}
