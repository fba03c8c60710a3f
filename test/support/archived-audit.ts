import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AuditEvent } from '../../src/admin/schemas/audit-events.ts';
import type { AdminClient } from './admin-client.ts';

/** The files of the audit's archive of a data directory, in their order. */
export function archiveFiles(data: string): string[] {
  return readdirSync(join(data, 'audit-archive'))
    .filter(name => name.endsWith('.jsonl'))
    .sort();
}

/** The entries of every file of the archive, in the order of the files; none where there is no archive. */
export function readArchive(data: string): AuditEvent[] {
  try {
    const texts = archiveFiles(data).map(name => readFileSync(join(data, 'audit-archive', name), 'utf8'));
    return texts.flatMap(text => text.split('\n').filter(Boolean)).map(line => JSON.parse(line));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}

/** Every entry that the API shows, oldest first. */
export async function shownAudit(admin: AdminClient): Promise<AuditEvent[]> {
  const events: AuditEvent[] = [];
  for (let token: string | undefined; token !== ''; ) {
    const { body } = await admin.get(`/api/v2/audit_events?page_size=1000&page_token=${token ?? ''}`);
    events.push(...body.audit_events);
    token = body.next_page_token as string;
  }
  return events.reverse();
}

/** Every entry of archive and store once, by its id; throws where two of an id are not the same. */
export function united(...parts: readonly (readonly AuditEvent[])[]): AuditEvent[] {
  const all = new Map<number, AuditEvent>();
  for (const event of parts.flat()) {
    expect(event).to.deep.equal(all.get(event.id) ?? event);
    all.set(event.id, event);
  }
  return [...all.values()].sort((one, other) => one.id - other.id);
}
