import { chmod, chown, copyFile, link, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { makeDurable } from '../make-durable.ts';
import { StoreError } from '../store-error.ts';
import { fileTime } from './back-up.ts';
import { connect } from './connect.ts';
import { type Mark, markFileOf } from './mark-file.ts';
import { databasePath, storeInUse } from './open-store.ts';
import { toStoreError } from './to-store-error.ts';

/** For a database that is one file without a log from then on: no log of another one is ever taken for its own. */
export const singleFile = [
  'PRAGMA locking_mode = EXCLUSIVE',
  'PRAGMA journal_mode = DELETE',
  'PRAGMA synchronous = FULL',
];

export interface ReplaceStoreOptions {
  readonly dataDirectory: string;
  /** Data directory of the store that takes the place; it is closed, and goes. */
  readonly staging: string;
  /** Where the store stood when it was last looked at; undefined: there is none, or it can't be read. */
  readonly expected: Mark | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Puts a store in the place of another one, which is kept beside it, readable for its owner only; answers the name of that
 * file, or undefined where there was none. At every moment one of the two, whole, stands in the place. Rejects with `in_use`
 * where a server runs on it or did meanwhile, and with `io_error`.
 */
export async function replaceStore(options: ReplaceStoreOptions): Promise<string | undefined> {
  const { dataDirectory, staging, expected, now } = options;
  const [file, successor] = [databasePath(dataDirectory), databasePath(staging)];
  // Held to the end: a server that is started meanwhile opens the store that is there then, or is refused.
  const release = await lock(dataDirectory, expected);
  try {
    await makeSingleFile(successor);
    const name = `replaced-${expected ? `r${expected.revision}-` : ''}${fileTime(now)}.db`;
    const isKept = await keepAside(file, join(dataDirectory, name));
    await giveToOwner(successor, (await stat(file).catch(() => undefined)) ?? (await stat(dataDirectory)));
    await makeDurable(dataDirectory);
    await rename(successor, file);
    await rm(`${file}-wal`, { force: true });
    await makeDurable(dataDirectory);
    return isKept ? name : undefined;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new StoreError(
      'io_error',
      `the store in ${dataDirectory} can't be replaced (${code}): look at the disk and run this again`,
    );
  } finally {
    await release();
  }
}

async function makeSingleFile(file: string): Promise<void> {
  const db = connect(file, singleFile);
  try {
    await db('store_state').first('id');
  } finally {
    await db.destroy();
  }
  await makeDurable(file);
}

/** SQLite's own lock on the store, so that nobody else opens it; of one that can't be read there is none to be had. */
async function lock(dataDirectory: string, expected: Mark | undefined): Promise<() => Promise<void>> {
  if (!expected) {
    return async () => undefined;
  }
  const db = connect(databasePath(dataDirectory), singleFile);
  const release = () => db.destroy();
  try {
    await requireUnchanged(db, dataDirectory, expected);
    await db.raw('BEGIN EXCLUSIVE');
    return release;
  } catch (cause) {
    await release();
    throw toStoreError(cause, databasePath(dataDirectory)) ?? cause;
  }
}

async function requireUnchanged(db: Knex, dataDirectory: string, { epoch, revision }: Mark): Promise<void> {
  const found = await db('store_state').first('epoch', 'revision');
  if (found.epoch !== epoch || Number(found.revision) !== revision) {
    throw storeInUse(dataDirectory);
  }
}

/** Where root restores, the store stays its owner's; nobody else can give a file away. */
async function giveToOwner(file: string, { uid, gid }: { readonly uid: number; readonly gid: number }): Promise<void> {
  if (process.geteuid?.() === 0) {
    await chown(file, uid, gid);
  }
}

/** The mark is copied: the one in place is written on. */
async function keepAside(file: string, aside: string): Promise<boolean> {
  await copyFile(markFileOf(file), markFileOf(aside)).catch(ignoreMissing);
  await link(`${file}-wal`, `${aside}-wal`).catch(ignoreMissing);
  await link(file, aside).catch(ignoreMissing);
  for (const each of [aside, `${aside}-wal`, markFileOf(aside)]) {
    await chmod(each, 0o600).catch(ignoreMissing);
  }
  return (await stat(aside).catch(() => undefined)) !== undefined;
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') {
    throw cause;
  }
}
