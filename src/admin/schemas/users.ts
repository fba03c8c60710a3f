import { z } from 'zod';
import type { UserSummary } from '../../store/records.ts';
import {
  displayName,
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

export const user = z.object({
  username: z.string(),
  name: z.string(),
  email: z.string(),
  site_admin: z.boolean(),
  deactivated: z.boolean(),
  /** All keys that exist, expired ones too. */
  api_key_count: z.number().int(),
  expired_api_key_count: z.number().int(),
  last_used_at: instantOrNull,
  created_at: instant,
});
export type User = z.infer<typeof user>;
export const userList = z.object({ users: z.array(user), next_page_token: nextPageToken });
export type UserList = z.infer<typeof userList>;

const email = z.union([z.email(), z.literal('')]);
export const newUser = z.strictObject({
  username: identifier,
  name: displayName.default(''),
  email: email.default(''),
  site_admin: z.boolean().default(false),
});
export const userChanges = z.strictObject({
  name: displayName.optional(),
  email: email.optional(),
  site_admin: z.boolean().optional(),
  deactivated: z.boolean().optional(),
});
export const userQuery = sortedPageQuery('username', 'name', 'created_at', 'last_used_at').extend({
  /** Whose keys were all last used before this, or never. */
  last_used_before: instantFilter.optional(),
  /** Who holds an expired key, or none. */
  expired: yesOrNo.optional(),
});
export const userPath = z.strictObject({ username: identifier });

export const newLegacyKey = z.object({ username: z.string(), legacy_key: z.string() });
export type NewLegacyKey = z.infer<typeof newLegacyKey>;

export function toUser(summary: UserSummary): User {
  return {
    ...summary,
    last_used_at: toInstantOrNull(summary.last_used_at),
    created_at: toInstant(summary.created_at),
  };
}
