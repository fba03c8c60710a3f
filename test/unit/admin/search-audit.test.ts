import { expect } from 'chai';
import { searchAudit } from '../../../src/admin/lists/search-audit.ts';
import type { AuditEvent } from '../../../src/store/records.ts';
import type { AuditQuery } from '../../../src/store/store.ts';

/** Events of a store by their ids, newest first; each third one is of Ada. */
function eventsOf(count: number) {
  let reads = 0;
  const event = (id: number) =>
    ({
      id,
      actor: id % 3 === 0 ? 'ada' : 'ben',
      address: '::1',
      action: 'a',
      target: 't',
      project_id: null,
    }) as AuditEvent;
  return {
    reads: () => reads,
    async listAuditEvents({ before = count + 1, limit }: AuditQuery) {
      reads += 1;
      const size = Math.min(limit, before - 1);
      return Array.from({ length: size }, (_, n) => event(before - 1 - n));
    },
  };
}

describe('admin API: search of the audit', () => {
  const search = (count: number, wanted: { search: string | undefined; limit: number; before?: number }) => {
    const { before, ...asked } = wanted;
    return searchAudit(eventsOf(count), { query: { before }, ...asked });
  };

  it('finds events by a text in any case, and goes on behind the last that it looked at', async () => {
    const { events, lastId } = await search(10, { search: 'ADA', limit: 2 });
    expect([events.map(({ id }) => id), lastId]).to.deep.equal([[9, 6], 4]);
    const rest = await search(10, { search: 'ADA', limit: 2, before: 4 });
    expect([rest.events.map(({ id }) => id), rest.lastId]).to.deep.equal([[3], undefined]);
  });

  it('tells of no page behind the last that holds something', async () => {
    expect((await search(4, { search: undefined, limit: 4 })).lastId).to.equal(undefined);
    expect((await search(10, { search: 'ada', limit: 3 })).lastId).to.equal(undefined);
  });

  it('without a text reads one page of the size that is asked for', async () => {
    const { events, lastId } = await search(10, { search: undefined, limit: 4 });
    expect([events.map(({ id }) => id), lastId]).to.deep.equal([[10, 9, 8, 7], 7]);
  });

  it('T33 looks through 20,000 events at a time, and says where to go on', async () => {
    const store = eventsOf(25_000);
    const { events, lastId } = await searchAudit(store, { query: {}, limit: 100, search: 'nobody' });
    expect([events, lastId, store.reads()]).to.deep.equal([[], 5001, 20]);
  });
});
