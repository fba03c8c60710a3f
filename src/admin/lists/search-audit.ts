import type { AuditEvent } from '../../store/records.ts';
import type { AuditQuery, AuditReads } from '../../store/store.ts';
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
  /** Id of the last event that a page ends with, though it may not be wanted; undefined: there are no more. */
  readonly lastId: number | undefined;
}

/** The newest events that hold the searched text, as many as are wanted or as are found in some pages of the store. */
export async function searchAudit(
  reads: Pick<AuditReads, 'listAuditEvents'>,
  { query, limit, search }: Wanted,
): Promise<Found> {
  // One more than is wanted tells whether there is another page.
  const perRead = search === undefined ? limit + 1 : entriesPerRead;
  const events: AuditEvent[] = [];
  let { before } = query;
  for (let read = 0; read < readsMax; read += 1) {
    const page = await reads.listAuditEvents({ ...query, before, limit: perRead });
    for (const event of page) {
      const { actor, address, action, target, project_id } = event;
      if (holdsText([actor, address, action, target, project_id], search)) {
        if (events.length === limit) {
          return { events, lastId: before };
        }
        events.push(event);
      }
      before = event.id;
    }
    if (page.length < perRead) {
      return { events, lastId: undefined };
    }
  }
  return { events, lastId: before };
}
