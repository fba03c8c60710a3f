import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Knex } from 'knex';
import { shellWord } from '../../words/shell-word.ts';
import { StoreError } from '../store-error.ts';
import { readHeader } from './file-header.ts';
import { HighWaterMark } from './high-water-mark.ts';
import { type Mark, markFileOf, readMark } from './mark-file.ts';
import { takeNewEpoch } from './new-epoch.ts';

/** What a store has lost: it stands at `revision`, and changes up to `acknowledged` were; undefined: that is not known. */
export interface Loss {
  readonly revision: number;
  readonly acknowledged: number | undefined;
}

/** Told of a loss that it accepts; a store without one is refused where it has lost something. */
export type AcceptLoss = (loss: Loss) => void;

/** In the database's header, by SQLite's `user_version`: a mark is kept beside this database. */
const isMarked = 1;

/**
 * Looks for the mark while the files are as the last process left them: SQLite empties a log that it has read, and
 * removes one beside an empty database. Answers whether the mark is missed, so that nobody can tell whether the log was cut
 * off; rejects with `damaged` then, unless that is accepted, and where there is a mark and no database.
 */
export async function missesMark(file: string, accept: AcceptLoss | undefined): Promise<boolean> {
  const path = markFileOf(file);
  const mark = await readMark(path);
  const sizeOf = async (name: string) => (await stat(name).catch(() => undefined))?.size ?? 0;
  if (mark && mark.revision > 0 && (await sizeOf(file)) === 0) {
    throw new StoreError(
      'damaged',
      `${file} is gone, and ${path} tells that it held a site: restore a backup, or remove ${path} to begin a new site`,
    );
  }
  const { userVersion } = await readHeader(file);
  const isMissed = !mark && userVersion === isMarked && (await sizeOf(`${file}-wal`)) > 0;
  if (isMissed && !accept) {
    throw new StoreError(
      'damaged',
      `${path} is missing or damaged, and Modelgate was not closed well: changes that were acknowledged may be lost from ${file}-wal, and what they revoked would be valid again; ${wayOut(file)}`,
    );
  }
  return isMissed;
}

export interface KeepMarkOptions {
  readonly db: Knex;
  readonly file: string;
  /** What `missesMark` answered. */
  readonly isMissed: boolean;
  readonly now: () => number;
  readonly accept: AcceptLoss | undefined;
  /** Brings the log into the database, durably. */
  readonly purge: () => Promise<void>;
}

/** Holds the database to the mark that was found, and goes on keeping it. Rejects with `damaged` where the database is behind. */
export async function keepMark(options: KeepMarkOptions): Promise<HighWaterMark> {
  const { db, file, isMissed, now, accept, purge } = options;
  // Only now, since until SQLite's lock was ours another process may have gone on writing it.
  const found = await readMark(markFileOf(file));
  const loss = lossOf(await headOf(db), found, isMissed);
  if (loss && !accept) {
    throw new StoreError(
      'damaged',
      `${file} has lost changes: it holds those up to revision ${loss.revision}, and others up to ${loss.acknowledged} were acknowledged, so what they revoked would be valid again; it or its -wal is damaged, or is an older copy: ${wayOut(file)}`,
    );
  }
  if (loss) {
    await takeNewEpoch(db, { now, action: 'loss.accept', details: { ...loss } });
    accept?.(loss);
  }
  const head = await headOf(db);
  if (found?.epoch !== head.epoch) {
    // A log that is lost must never take the database back to another history: the mark tells of this one only.
    await purge();
  }
  const mark = await HighWaterMark.open(file, head, found);
  try {
    await noteThatMarked(db, purge);
    return mark;
  } catch (fault) {
    await mark.close();
    throw fault;
  }
}

/** Another epoch is another history: a backup that was put in its place, or a site from elsewhere. */
function lossOf({ epoch, revision }: Mark, mark: Mark | undefined, isMissed: boolean): Loss | undefined {
  const isBehind = mark?.epoch === epoch && revision < mark.revision;
  return isBehind || isMissed ? { revision, acknowledged: mark?.revision } : undefined;
}

async function headOf(db: Knex): Promise<Mark> {
  const { epoch, revision } = await db('store_state').first('epoch', 'revision');
  return { epoch, revision: Number(revision) };
}

/** Only when the mark is there: a crash before leaves a database that has none, as an earlier version's. */
async function noteThatMarked(db: Knex, purge: () => Promise<void>): Promise<void> {
  const [{ user_version }] = await db.raw('PRAGMA user_version');
  if (user_version !== isMarked) {
    await db.raw(`PRAGMA user_version = ${isMarked}`);
    await purge();
  }
}

function wayOut(file: string): string {
  return `restore a backup, or accept the loss with \`modelgate accept-loss --data ${shellWord(dirname(file))}\` and revoke anew what was revoked since`;
}
