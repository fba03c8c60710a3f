import { z } from 'zod';
import type { ApplicationSummary } from '../../store/records.ts';
import { instant, newPrincipalName, nextPageToken, principalName, sortedPageQuery, yesOrNo } from './fields.ts';
import { keySummary, keySummaryQuery, withInstants } from './principals.ts';

export const application = z
  .object({
    name: z.string().describe('Name by which everything refers to the application.'),
    owner: z.string().describe('The user that manages it.'),
    owner_deactivated: z
      .boolean()
      .describe('Whether its owner is deactivated: then only a site admin can manage the application; its keys go on.'),
    deactivated: z.boolean().describe('Whether its keys were ended and it gets no new ones.'),
    ...keySummary,
    created_at: instant,
  })
  .meta({ id: 'Application', description: 'A principal with API keys and no login.' });
export type Application = z.infer<typeof application>;
export const applicationList = z
  .object({ applications: z.array(application), next_page_token: nextPageToken })
  .meta({ id: 'ApplicationList' });
export type ApplicationList = z.infer<typeof applicationList>;

export const newApplication = z
  .strictObject({
    name: newPrincipalName.describe('Users and applications share their names, so it must be new among both.'),
    owner: principalName
      .optional()
      .describe('The user that manages it; absent: the caller. Only a site admin may name somebody else.'),
  })
  .meta({ id: 'NewApplication' });
export const applicationChanges = z
  .strictObject({
    owner: principalName.optional().describe('The new owner; only a site admin may say so.'),
    deactivated: z
      .boolean()
      .optional()
      .describe('True ends all keys of the application for good; false lets it have new ones.'),
  })
  .meta({ id: 'ApplicationChanges', description: 'What is to change; a field that is absent stays as it is.' });
export const applicationQuery = sortedPageQuery('name', 'owner', 'created_at', 'last_used_at').extend({
  owner: principalName.optional().describe('Only those of this user.'),
  owner_deactivated: yesOrNo.optional().describe('Only those whose owner is deactivated, or is not.'),
  ...keySummaryQuery,
});
export const applicationPath = z.strictObject({ name: principalName.describe('Name of the application.') });

export function toApplication(summary: ApplicationSummary): Application {
  return withInstants(summary);
}
