import { z } from 'zod';
import type { AuditEvent as AuditRecord } from '../../store/records.ts';
import {
  identifier,
  instant,
  instantFilter,
  nextPageToken,
  page,
  plainText,
  toInstant,
  wholeNumber,
} from './fields.ts';

/** What the audit says where its oldest entries were moved to the archive: how many, up to which revision, and the file. */
export const archiveAction = 'audit.archive';

export const auditEvent = z
  .object({
    id: z.number().int().describe('Counts up; newer entries have greater ones.'),
    revision: z.number().int().describe('Revision of the store that holds the change.'),
    at: instant.describe('When it was changed.'),
    actor: z
      .string()
      .describe(
        'Name of who did it; `api_key:` and a Key ID where the holder of a key did, `modelgate:system` where Modelgate did by itself, `modelgate:recover` where whoever holds the data directory gave a site admin a new legacy key, `modelgate:restore` where they restored a backup.',
      ),
    address: z.string().describe('Network address that the request came from.'),
    action: z.string().describe('What was done, such as `user.create`.'),
    target: z.string().describe('What it was done to.'),
    project_id: z.union([z.string(), z.null()]).describe('Project that it belongs to; null: none.'),
    details: z
      .record(z.string(), z.unknown())
      .describe('Each field that changed with its new value, and under `previous` with its old one; never a secret.'),
  })
  .meta({ id: 'AuditEvent', description: 'One entry of the audit: who changed what, when and from where.' });
export type AuditEvent = z.infer<typeof auditEvent>;
export const auditEventList = z
  .object({ audit_events: z.array(auditEvent), next_page_token: nextPageToken })
  .meta({ id: 'AuditEventList' });
export type AuditEventList = z.infer<typeof auditEventList>;

/** Newest first; every filter narrows. */
export const auditQuery = z.strictObject({
  ...page,
  actor: z.string().max(200).optional().describe('Only what this one did.'),
  action: z.string().max(200).optional().describe('Only this action.'),
  target: z.string().max(400).optional().describe('Only what was done to this.'),
  search_filter: plainText(200)
    .optional()
    .describe(
      'Only events with this text in actor, address, action, target or project; 20,000 are looked through for a page, which may then be short.',
    ),
  project_id: identifier.optional().describe('Only what belongs to this project.'),
  revision: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional().describe('Only what this revision holds.'),
  since: instantFilter.optional().describe('Only from this instant on.'),
  until: instantFilter.optional().describe('Only before this instant.'),
});

export function toAuditEvent(record: AuditRecord): AuditEvent {
  return { ...record, at: toInstant(record.at) };
}
