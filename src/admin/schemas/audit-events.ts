import { z } from 'zod';
import type { AuditEvent as AuditRecord } from '../../store/records.ts';
import { identifier, instant, instantFilter, nextPageToken, toInstant } from './fields.ts';

export const auditEvent = z.object({
  id: z.number().int(),
  revision: z.number().int(),
  at: instant,
  actor: z.string(),
  address: z.string(),
  action: z.string(),
  target: z.string(),
  project_id: z.union([z.string(), z.null()]),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEvent = z.infer<typeof auditEvent>;
export const auditEventList = z.object({ audit_events: z.array(auditEvent), next_page_token: nextPageToken });
export type AuditEventList = z.infer<typeof auditEventList>;

/** Newest first; every filter narrows. */
export const auditQuery = z.strictObject({
  page_size: z.coerce.number().int().min(1).max(1000).default(100),
  page_token: z.string().max(400).optional(),
  actor: z.string().max(200).optional(),
  action: z.string().max(200).optional(),
  target: z.string().max(400).optional(),
  project_id: identifier.optional(),
  revision: z.coerce.number().int().min(0).optional(),
  since: instantFilter.optional(),
  until: instantFilter.optional(),
});

export function toAuditEvent(record: AuditRecord): AuditEvent {
  return { ...record, at: toInstant(record.at) };
}
