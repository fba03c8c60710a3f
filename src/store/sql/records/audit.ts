import type { Knex } from 'knex';
import type { AuditEvent } from '../../records.ts';
import type { AuditReads, AuditWrites } from '../../store.ts';
import type { Recorder } from '../feed/recorder.ts';

export function auditReads(db: Knex): AuditReads {
  return {
    async listAuditEvents({ before, limit, actor, action, target, projectId, revision, since, until }) {
      const query = db('audit_events').orderBy('id', 'desc').limit(limit);
      const equal = { actor, action, target, project_id: projectId, revision };
      for (const [column, value] of Object.entries(equal)) {
        if (value !== undefined) {
          query.where(column, value);
        }
      }
      if (before !== undefined) {
        query.where('id', '<', before);
      }
      if (since !== undefined) {
        query.where('at', '>=', since);
      }
      if (until !== undefined) {
        query.where('at', '<', until);
      }
      return (await query).map(toAuditEvent);
    },
    async listAuditEventsAfter(id, limit) {
      return (await db('audit_events').where('id', '>', id).orderBy('id').limit(limit)).map(toAuditEvent);
    },
  };
}

export function auditWrites(tx: Knex.Transaction, recorder: Recorder): AuditWrites {
  return {
    audit: (action, target, details) => recorder.audit(action, target, details),
    async deleteAuditEvents(lastId) {
      await tx('audit_events').where('id', '<=', lastId).delete();
    },
  };
}

function toAuditEvent(row: Record<string, unknown>): AuditEvent {
  return {
    id: Number(row['id']),
    revision: Number(row['revision']),
    at: Number(row['at']),
    actor: String(row['actor']),
    address: String(row['address']),
    action: String(row['action']),
    target: String(row['target']),
    project_id: row['project_id'] === null ? null : String(row['project_id']),
    details: JSON.parse(String(row['details'])),
  };
}
