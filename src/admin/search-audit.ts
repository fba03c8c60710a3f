import type { AuditEvent } from '../store/records.ts';
import type { AuditQuery, AuditReads } from '../store/store.ts';
import { entriesPerRead, holdsText } from './paging.ts';

/** Pages of the store that are looked through for one page of a search, so that no request takes the store for long. */
const readsMax = 20;

interface Wanted {
  readonly query: Omit<AuditQuery, 'limit'>;
  readonly limit: number;
  readonly search: string | undefined;
}

interface Found {
  readonly events: readonly AuditEvent[];
  /** Id of the last event that was looked at; undefined: there are no more. */
  readonly lastId: number | undefined;
}

/** The newest events that hold the searched text, as many as are wanted or as are found in some pages of the store. */
export async function searchAudit(reads: AuditReads, { query, limit, search }: Wanted): Promise<Found> {
  const perRead = search === undefined ? limit : entriesPerRead;
  const events: AuditEvent[] = [];
  let { before } = query;
  for (let read = 0; read < readsMax; read += 1) {
    const page = await reads.listAuditEvents({ ...query, before, limit: perRead });
    for (const event of page) {
      before = event.id;
      const { actor, address, action, target, project_id } = event;
      if (holdsText([actor, address, action, target, project_id], search) && events.push(event) === limit) {
        return { events, lastId: before };
      }
    }
    if (page.length < perRead) {
      return { events, lastId: undefined };
    }
  }
  return { events, lastId: before };
}
