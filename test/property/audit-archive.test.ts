import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type AuditEvent, toAuditEvent } from '../../src/admin/schemas/audit-events.ts';
import { createLog } from '../../src/log/log.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { auditArchiver } from '../../src/server/archive-audit.ts';
import { archiveFolder } from '../../src/store/audit-archive.ts';
import { openStore } from '../../src/store/sqlite/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { readArchive, united } from '../support/archived-audit.ts';
import { checkAsyncProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { author } from '../support/store.ts';

const dayMs = 86_400_000;
const auditEntriesMax = 600;
const auditKeepDays = 2;

/** The how-manieth write of a run its process ends at; absent: at none. */
interface Crash {
  readonly crashAt?: number;
  readonly committed?: boolean;
}

/** What happens to a site, in its order. */
type Step =
  | { readonly what: 'write'; readonly entries: number }
  | { readonly what: 'wait'; readonly days: number }
  | ({ readonly what: 'archive' } & Crash)
  /** The folder of the archive can't be made. */
  | { readonly what: 'fail' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.integer({ min: 1, max: 700 }).map(entries => ({ what: 'write' as const, entries })),
  fc.integer({ min: 1, max: 3 }).map(days => ({ what: 'wait' as const, days })),
  fc.constant({ what: 'archive' as const }),
  fc.record({
    what: fc.constant('archive' as const),
    crashAt: fc.integer({ min: 0, max: 3 }),
    committed: fc.boolean(),
  }),
  fc.constant({ what: 'fail' as const }),
);

describe('B37 R04 the archive of the audit', () => {
  it('has, with the store, every entry at any instant, whatever fails and wherever a crash comes between', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }), async steps => {
      const site = await openSite();
      try {
        for (const each of steps) await site.take(each);
        await site.settle();
      } finally {
        await site.close();
      }
    });
    await checkAsyncProperty(property, 60);
  }).timeout(propertyTimeoutMs);
});

async function openSite() {
  const data = dataDirectory();
  let now = 1_000 * dayMs;
  const store = await openStore({ dataDirectory: data, now: () => now, observe: () => undefined });
  const log = createLog('error', { write: () => true });
  const metrics = createMetrics('test');
  const rest = { data, auditKeepDays, auditEntriesMax, now: () => now, metrics, log };
  const archive = (through: Pick<Store, 'read' | 'write'> = store) => auditArchiver({ ...rest, store: through })();
  const inStore = async () => (await store.read.listAuditEventsAfter(0, 1_000_000)).map(toAuditEvent);
  let known: AuditEvent[] = [];
  /** What was ever seen is still there, as it was, in its order and without a gap. */
  const expectAll = async () => {
    const all = united(readArchive(data), await inStore());
    expect(all.slice(0, known.length)).to.deep.equal(known);
    expect(all.map(({ id }) => id)).to.deep.equal(all.map((_, at) => at + 1));
    known = all;
  };
  const failToArchive = async () => {
    const [folder, aside] = [join(data, archiveFolder), join(data, 'aside')];
    mkdirSync(folder, { recursive: true });
    renameSync(folder, aside);
    writeFileSync(folder, 'no folder');
    const before = await inStore();
    expect([await archive(), await inStore()]).to.deep.equal([false, before]);
    rmSync(folder);
    renameSync(aside, folder);
    // What a crash amid a file leaves.
    writeFileSync(join(folder, 'unfinished.partial'), '{"id":');
  };
  const steps = {
    write: ({ entries }: { entries: number }) =>
      store.write(author, async writes => {
        for (let n = 0; n < entries; n += 1) writes.audit('site.export', `x${n}`);
      }),
    wait: async ({ days }: { days: number }) => {
      now += days * dayMs;
    },
    archive: (crash: Crash) => archive(crashing(store, crash)),
    fail: failToArchive,
  };
  return {
    take: async (step: Step) => {
      await (steps[step.what] as (step: Step) => Promise<unknown>)(step);
      await expectAll();
    },
    /** Archives as often as more is due; then the store is within its bounds, but for the slack. */
    settle: async () => {
      while (await archive()) await expectAll();
      const kept = await inStore();
      expect(kept.length).to.be.at.most(auditEntriesMax);
      expect(Date.parse(kept[0]?.at ?? new Date(now).toISOString())).to.be.at.least(now - (auditKeepDays + 1) * dayMs);
    },
    close: () => store.close(),
  };
}

/** A store whose process ends at a write: before it, or after it and before anybody hears of it. */
function crashing(store: Store, { crashAt, committed }: Crash): Pick<Store, 'read' | 'write'> {
  let writes = 0;
  return {
    read: store.read,
    write: async (...args) => {
      const isLast = writes === crashAt;
      writes += 1;
      if (isLast && committed) await store.write(...args);
      if (isLast) throw new Error('killed');
      return await store.write(...args);
    },
  };
}
