import { archiveAction, toAuditEvent } from '../admin/schemas/audit-events.ts';
import { toInstant } from '../admin/schemas/fields.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type ArchiveFile, archiveFolder, writeArchive } from '../store/audit-archive.ts';
import { ownAuthor } from '../store/own-author.ts';
import type { AuditEvent } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';

export interface ArchiveAuditOptions {
  readonly store: Pick<Store, 'read' | 'write'>;
  /** Folder that the archive is made in. */
  readonly data: string;
  /** 0: without a bound. */
  readonly auditKeepDays: number;
  /** 0: without a bound. */
  readonly auditEntriesMax: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly metrics: Pick<Metrics, 'auditEntries' | 'auditOldest' | 'auditArchived' | 'auditArchiveFailures'>;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** Entries of one file: some megabytes, and a second's work. */
const entriesPerFile = 10_000;
/** Entries read, or deleted, in one go: what a change or a check may have to wait for (T33). */
const entriesPerStretch = 250;
const dayMs = 86_400_000;
/** What stays of the most entries when there are more, so that a file holds more than a minute's. */
const shareKept = 0.9;

/** Which entries go, from the oldest on: those of before an instant, and those up to an id. */
interface Due {
  readonly before: number;
  readonly lastId: number;
}

/**
 * Moves the oldest entries of an audit that is beyond its bounds to one file of the archive (B37), and answers whether it did:
 * then more may be due. Only what the disk holds in the archive leaves the store, so that a crash at any instant
 * leaves each entry in one of them at least. Never rejects: log and metric tell of a failure, after which all is as it was.
 */
export function auditArchiver(options: ArchiveAuditOptions): () => Promise<boolean> {
  const { metrics, log } = options;
  let told: string | undefined;
  return async () => {
    try {
      const archived = await archiveSome(options);
      if (told !== undefined) {
        told = undefined;
        log.info({}, 'the audit can be archived again');
      }
      return archived;
    } catch (fault) {
      metrics.auditArchiveFailures.inc();
      const code = fault instanceof StoreError ? fault.code : 'unforeseen';
      if (told !== code) {
        told = code;
        const fields = fault instanceof StoreError ? { err: fault } : { fault };
        log.error(fields, 'the audit cannot be archived: its entries stay in the store');
      }
      return false;
    }
  };
}

/** The oldest entry and the newest one, by which metrics tell how large the audit is; undefined: there is none. Rejects as a read does. */
export async function measureAudit({ store, metrics }: Pick<ArchiveAuditOptions, 'store' | 'metrics'>) {
  const [oldest] = await store.read.listAuditEventsAfter(0, 1);
  const [newest] = await store.read.listAuditEvents({ limit: 1 });
  if (!oldest || !newest) {
    return undefined;
  }
  // Ids have no gaps, and a count would read all of them.
  metrics.auditEntries.set(newest.id - oldest.id + 1);
  metrics.auditOldest.set(oldest.at / 1000);
  return { oldest, newest };
}

async function archiveSome(options: ArchiveAuditOptions): Promise<boolean> {
  const { metrics, log } = options;
  const ends = await measureAudit(options);
  const due = ends && dueOf(ends.oldest, ends.newest, options);
  if (!due) {
    return false;
  }
  const file = await exportSome(options, due);
  await deleteExported(options, file);
  metrics.auditArchived.inc(file.entries);
  await measureAudit(options);
  log.info({ file: file.name, entries: file.entries, up_to_revision: file.last.revision }, 'audit entries archived');
  return true;
}

function dueOf(oldest: AuditEvent, newest: AuditEvent, options: ArchiveAuditOptions): Due | undefined {
  const { auditKeepDays, auditEntriesMax, now } = options;
  const before = auditKeepDays > 0 ? now() - auditKeepDays * dayMs : Number.NEGATIVE_INFINITY;
  const isTooLarge = auditEntriesMax > 0 && newest.id - oldest.id >= auditEntriesMax;
  // Age is acted on when it is a day beyond the bound, so that a file holds a day and not a minute.
  if (!isTooLarge && oldest.at >= before - dayMs) {
    return undefined;
  }
  return { before, lastId: isTooLarge ? newest.id - Math.floor(auditEntriesMax * shareKept) : 0 };
}

interface Exported extends ArchiveFile {
  readonly last: AuditEvent;
}

async function exportSome({ store, data }: ArchiveAuditOptions, due: Due): Promise<Exported> {
  let last: AuditEvent | undefined;
  async function* stretches() {
    for (let read = 0; read < entriesPerFile; read += entriesPerStretch) {
      const events = await store.read.listAuditEventsAfter(last?.id ?? 0, entriesPerStretch);
      const stays = events.findIndex(({ id, at }) => id > due.lastId && at >= due.before);
      const going = stays < 0 ? events : events.slice(0, stays);
      last = going.at(-1) ?? last;
      yield going.map(event => ({ id: event.id, line: JSON.stringify(toAuditEvent(event)) }));
      if (going.length < entriesPerStretch) {
        return;
      }
    }
  }
  const file = await writeArchive(data, stretches());
  return { ...file, last: last as AuditEvent };
}

/** Some at a time, so that other changes have their turn in between. The first of them says what goes, and where to. */
async function deleteExported({ store }: ArchiveAuditOptions, { name, entries, firstId, lastId, last }: Exported) {
  const details = {
    entries,
    up_to_revision: last.revision,
    until: toInstant(last.at),
    file: `${archiveFolder}/${name}`,
  };
  for (let id = firstId - 1; id < lastId; ) {
    const isFirst = id < firstId;
    id = Math.min(id + entriesPerStretch, lastId);
    await store.write({ actor: ownAuthor, address: '' }, async writes => {
      await writes.deleteAuditEvents(id);
      if (isFirst) {
        writes.audit(archiveAction, 'audit', details);
      }
    });
  }
}
