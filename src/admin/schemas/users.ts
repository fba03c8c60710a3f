import { z } from 'zod';
import type { UserSummary } from '../../store/records.ts';
import {
  displayName,
  instant,
  newPrincipalName,
  nextPageToken,
  noKey,
  principalName,
  sortedPageQuery,
} from './fields.ts';
import { keySummary, keySummaryQuery, withInstants } from './principals.ts';

export const user = z
  .object({
    username: z.string().describe('Name by which everything refers to the user.'),
    name: z.string().describe('Name for people.'),
    email: z.string().describe('E-mail address; empty: none is known.'),
    site_admin: z.boolean().describe('Whether the user may manage everything; it gives no right to call models.'),
    deactivated: z.boolean().describe('Whether the user may do nothing any more; its keys were ended when it was.'),
    ...keySummary,
    created_at: instant.describe('When the user was made.'),
  })
  .meta({ id: 'User', description: 'A user of the site.' });
export type User = z.infer<typeof user>;
export const userList = z.object({ users: z.array(user), next_page_token: nextPageToken }).meta({ id: 'UserList' });
export type UserList = z.infer<typeof userList>;

/** RFC 5321, 4.5.3.1: what a mail server need not take, in characters. */
const addressLengthMax = 254;
const longLocalPart = /^[^@]{65}/;
const address = z
  .email()
  .max(addressLengthMax)
  .refine(text => !longLocalPart.test(text), 'must have at most 64 characters before the "@"')
  .refine(...noKey);
export const email = z.union([address, z.literal('')]).describe('E-mail address; empty: none is known.');
export const newUser = z
  .strictObject({
    username: newPrincipalName.describe('Name by which everything will refer to the user; it cannot be changed.'),
    name: displayName.default('').describe('Name for people.'),
    email: email.default(''),
    site_admin: z.boolean().default(false).describe('Whether the user may manage everything.'),
  })
  .meta({ id: 'NewUser' });
export const userChanges = z
  .strictObject({
    name: displayName.optional(),
    email: email.optional(),
    site_admin: z
      .boolean()
      .optional()
      .describe('Whether the user may manage everything; it gives no right to call models.'),
    deactivated: z
      .boolean()
      .optional()
      .describe('True ends all keys of the user for good; false lets it have new ones.'),
  })
  .meta({ id: 'UserChanges', description: 'What is to change; a field that is absent stays as it is.' });
export const userQuery = sortedPageQuery('username', 'name', 'created_at', 'last_used_at').extend({
  ...keySummaryQuery,
});
export const userPath = z.strictObject({ username: principalName.describe('Name of the user.') });

export const newLegacyKey = z
  .object({ username: z.string(), legacy_key: z.string().describe('The secret (mgl_…); it is shown this once.') })
  .meta({ id: 'NewLegacyKey', description: 'A legacy key: the one answer that shows it.' });
export type NewLegacyKey = z.infer<typeof newLegacyKey>;

export function toUser(summary: UserSummary): User {
  return withInstants(summary);
}
