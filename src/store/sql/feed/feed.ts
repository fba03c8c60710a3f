import type { Knex } from 'knex';
import type { Change, ChangeSet, Kind, Put } from '../../../changes/change-set.ts';
import { unpackRow } from '../../../changes/packed-row.ts';
import { type PackedPage, PackedRows } from '../../../changes/packed-rows.ts';
import { rowCheckOf } from '../../../changes/row-hash.ts';
import type { ChangeFeed, ContentPiece } from '../../store.ts';
import { settingsReads } from '../records/settings.ts';
import { type Page, type ReadPage, type Source, sources } from './content.ts';
import { withDigestOf } from './digest-field.ts';
import { rowCheck, rowForm, setChecksAt } from './row-checks.ts';
import { settingsPut } from './to-rows.ts';

/** Change sets in one answer: a follower that is far behind asks again, or takes everything. */
const changeSetsPerAnswer = 100;
/** Changes read and parsed in one go: a millisecond's work or two. */
const changesPerRead = 250;
/** Bytes that UTF-8 takes at most for a unit of a text. */
const bytesPerUnitMax = 3;

export function changeFeed(db: Knex, readPage: ReadPage<Knex>): ChangeFeed {
  return {
    head: () => head(db),
    async changesSince(revision) {
      return db.transaction(async tx => {
        const { epoch } = await head(tx);
        const revisions = await tx('revisions')
          .where('revision', '>', revision)
          .orderBy('revision')
          .limit(changeSetsPerAnswer);
        const last = revisions.at(-1)?.revision ?? revision;
        const changes = await changesBetween(tx, revision, last);
        return revisions.map(({ revision: each, committed_at }): ChangeSet => {
          const own = changes.get(Number(each)) ?? [];
          return { epoch, revision: Number(each), committed_at: Number(committed_at), changes: own };
        });
      });
    },
    everything: () => everything(db, readPage),
  };
}

/** The changes of each revision after one, up to another; read in pieces, so that a large one holds up no check (T33). */
async function changesBetween(tx: Knex, after: number, last: number): Promise<ReadonlyMap<number, Change[]>> {
  const changes = new Map<number, Change[]>();
  for (let mark = [after, Number.MAX_SAFE_INTEGER]; ; ) {
    const rows: { revision: number; seq: number; change: string }[] = await tx('changes')
      .whereRaw('(revision, seq) > (?, ?)', mark)
      .andWhere('revision', '<=', last)
      .orderBy(['revision', 'seq'])
      .limit(changesPerRead);
    for (const row of rows) {
      const own = changes.get(Number(row.revision)) ?? [];
      changes.set(Number(row.revision), own);
      own.push(readable(() => JSON.parse(row.change)) as Change);
    }
    const end = rows.at(-1);
    if (!end || rows.length < changesPerRead) {
      return changes;
    }
    mark = [end.revision, end.seq];
  }
}

async function head(db: Knex): Promise<{ epoch: string; revision: number }> {
  const { epoch, revision } = await db('store_state').first('epoch', 'revision');
  return { epoch, revision: Number(revision) };
}

/** The whole content page by page, all of it at one revision: the pages are of one transaction. */
async function* everything(db: Knex, readPage: ReadPage<Knex>): AsyncGenerator<ContentPiece> {
  const tx = await db.transaction();
  try {
    const at = await head(tx);
    yield { ...at, puts: [await checkedSettings(tx)], counts: await countsOf(tx) };
    for (const source of sources) {
      for await (const page of pagesOf(tx, source, readPage)) {
        yield { ...at, puts: [], page };
      }
    }
  } finally {
    // Nothing was written; a connection that is gone was told of already.
    await tx.rollback().catch(() => undefined);
  }
}

function packedPage({ kind, secret }: Source, bytes: Buffer): PackedPage {
  return secret === undefined ? { kind, bytes } : withDigestOf(secret, { kind, bytes });
}

async function countsOf(tx: Knex): Promise<Partial<Record<Kind, number>>> {
  const counts = sources.map(({ table }) => `(select count(*) from ${table})`);
  const [row] = await tx.raw(`select ${counts.map((count, at) => `${count} as count_${at}`).join(', ')}`);
  return Object.fromEntries(sources.map(({ kind }, at) => [kind, Number(row[`count_${at}`])]));
}

/** The pages of one table, each until the next is asked for: while one is worked on, the next is being read. */
async function* pagesOf(
  tx: Knex,
  source: Source,
  readPage: ReadPage<Knex>,
  marked?: 'marked',
): AsyncGenerator<PackedPage> {
  let coming: Promise<Page> | undefined = readPage(tx, source, 0, marked);
  let scratch = Buffer.alloc(0);
  try {
    while (coming) {
      const page: Page = await coming;
      coming = page.next === undefined ? undefined : readPage(tx, source, page.next, marked);
      // Whoever takes this page may take long: a failure waits until it is asked for.
      coming?.catch(() => undefined);
      const { rows } = page;
      if (scratch.length < rows.length * bytesPerUnitMax) {
        scratch = Buffer.alloc(rows.length * bytesPerUnitMax);
      }
      yield packedPage(source, scratch.subarray(0, scratch.write(rows)));
    }
  } finally {
    await coming?.catch(() => undefined);
  }
}

async function checkedSettings(tx: Knex): Promise<Put | undefined> {
  const put = await settingsOf(tx);
  const { settings_check } = await tx('store_state').first('settings_check');
  return put && rowCheck(put) === Number(settings_check) ? put : undefined;
}

async function settingsOf(tx: Knex): Promise<Put | undefined> {
  const settings = await settingsReads(tx)
    .readSettings()
    .catch(() => undefined);
  return settings && settingsPut(settings);
}

/** Gives every row its check anew, where none has one of today's form: after an upgrade. */
export async function renewRowChecks(db: Knex, readPage: ReadPage<Knex>): Promise<void> {
  await db.transaction(async tx => {
    const settings = await settingsOf(tx);
    await tx('store_state').update({ row_form: rowForm, settings_check: settings ? rowCheck(settings) : null });
    for (const source of sources) {
      for await (const page of pagesOf(tx, source, readPage, 'marked')) {
        await setChecksAt(tx, source, [...checksOf(page)]);
      }
    }
  });
}

/** The mark of each row of a page, and the check that it should have; null where the row is not whole. */
function* checksOf(page: PackedPage): Iterable<[number, number | null]> {
  for (const rows = new PackedRows(page); rows.next(); ) {
    yield [rows.check, unpackRow(page.kind, rows.text()) ? rowCheckOf(rows.hash) : null];
  }
}

/**
 * What a row says; undefined where it can't be read, which whoever applies it then refuses: one bad row
 * must not keep all the others away.
 */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
