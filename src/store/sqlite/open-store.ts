import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Knex } from 'knex';
import { renewRowChecks } from '../sql/feed/feed.ts';
import { rowForm } from '../sql/feed/row-checks.ts';
import { migrationSource } from '../sql/migrations/migrations.ts';
import { type ObserveStore, sqlStore } from '../sql/sql-store.ts';
import type { Store } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { backUp, backUpToBeRead, removeUnfinished } from './back-up.ts';
import { connect } from './connect.ts';
import { readHeader } from './file-header.ts';
import { filesInPlace } from './files-in-place.ts';
import { keepToOwner } from './keep-to-owner.ts';
import { markFileOf } from './mark-file.ts';
import { type Adoption, takeNewEpoch } from './new-epoch.ts';
import { readPage } from './read-page.ts';
import { type AcceptLoss, keepMark, missesMark } from './require-no-loss.ts';
import { requireOwnFolder } from './require-own-folder.ts';
import { removeStaged } from './staging-folder.ts';
import { toStoreError } from './to-store-error.ts';

export interface OpenStoreOptions {
  /** Folder of the embedded store; made with mode 0700 where it is not there. */
  readonly dataDirectory: string;
  readonly now: () => number;
  readonly observe: ObserveStore;
  /** Without it, a store that has lost acknowledged changes is refused as `damaged`. */
  readonly acceptLoss?: AcceptLoss;
  /** What becomes of a backup that stands in the store's place; absent: only that it goes on as another history. */
  readonly adoption?: Adoption;
  /** Told of what is unsafe, and goes on; absent: nobody is. */
  readonly warn?: (fields: object, message: string) => void;
}

const databaseFile = 'modelgate.db';

/**
 * Oldest SQLite that is safe here: before it, a database in WAL mode with a second connection could
 * lose commits (threats.md, T38).
 */
const oldestSqlite = [3, 51, 3] as const;

/**
 * Opens the embedded store, and brings its schema up to date. Rejects with a StoreError that says what
 * to do: `unwritable`, `in_use`, `newer_version`, `damaged` or `unavailable`.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { dataDirectory, now, observe, acceptLoss, adoption, warn = () => undefined } = options;
  const file = databasePath(dataDirectory);
  await prepareDirectory(dataDirectory);
  await requireOwnFolder(dataDirectory, warn);
  await requireWritable(file);
  await requireNoForeignLog(file);
  const isMissed = await missesMark(file, acceptLoss);
  await keepToOwner(file);
  const db = connect(file, pragmas);
  try {
    await requireSafeSqlite(db);
    await migrate(db, file);
    await renewOldRowChecks(db);
    await adoptCopy(db, now, adoption);
    await removeUnfinished(dataDirectory);
    await removeStaged(dataDirectory);
    const purge = async () => void (await db.raw('PRAGMA wal_checkpoint(TRUNCATE)'));
    const mark = await keepMark({ db, file, isMissed, now, accept: acceptLoss, purge });
    const requireInPlace = await filesInPlace(file);
    const explain = (cause: unknown) => toStoreError(cause, file);
    const copying = { db, directory: dataDirectory, now };
    const backup = (isClosing: () => boolean) => backUp({ ...copying, isClosing });
    const openBackup = (isClosing: () => boolean) => backUpToBeRead({ ...copying, isClosing });
    const engine = { readPage, requireInPlace, mark, purge, backup, openBackup, toStoreError: explain };
    return sqlStore({ db, soleWriter: true, now, observe, ...engine });
  } catch (cause) {
    await db.destroy();
    throw toStoreError(cause, file) ?? cause;
  }
}

/** Where the database of a data directory stands. */
export function databasePath(dataDirectory: string): string {
  return join(dataDirectory, databaseFile);
}

/** Rejects with `not_found` where no store is: `openStore` would make one. */
export async function requireStore(dataDirectory: string): Promise<void> {
  if (!(await stat(databasePath(dataDirectory)).catch(() => undefined))) {
    throw new StoreError('not_found', `there is no store in ${dataDirectory}: name its folder with --data`);
  }
}

/** What `openStore` rejects with where another process has the store. */
export function storeInUse(dataDirectory: string): StoreError {
  return toStoreError({ code: 'SQLITE_BUSY' }, databasePath(dataDirectory)) as StoreError;
}

async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StoreError(
      'unwritable',
      `the data directory ${directory} can't be used (${(cause as NodeJS.ErrnoException).code}): ` +
        'make it writable for this user, or name another one with --data (MODELGATE_DATA)',
    );
  }
}

const pragmas = [
  // The lock is held while we live, so a second server on this directory is told so; a crash frees it.
  'PRAGMA locking_mode = EXCLUSIVE',
  'PRAGMA journal_mode = WAL',
  // What was acknowledged is on disk (B41).
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  // Deleted digests and comments leave no residue in free pages.
  'PRAGMA secure_delete = ON',
];

/** SQLite would open a file that it can't write for reading, and refuse every change later. */
async function requireWritable(file: string): Promise<void> {
  for (const path of [file, `${file}-wal`, markFileOf(file)]) {
    const found = await stat(path).catch(() => undefined);
    if (found && !found.isFile()) {
      throw toStoreError({ code: 'SQLITE_CANTOPEN' }, path);
    }
    await access(path, constants.R_OK | constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') {
        throw toStoreError({ code: 'SQLITE_READONLY' }, path);
      }
    });
  }
}

async function renewOldRowChecks(db: Knex): Promise<void> {
  const { row_form } = await db('store_state').first('row_form');
  if (row_form !== rowForm) {
    await renewRowChecks(db, readPage);
  }
}

/** A copy that was put in the store's place is another history from here on. */
async function adoptCopy(db: Knex, now: () => number, adoption: Adoption | undefined): Promise<void> {
  const { is_copy, revision } = await db('store_state').first();
  if (is_copy) {
    await takeNewEpoch(db, { now, action: 'site.restore', details: { revision }, adoption });
  }
}

/**
 * A backup is one file and says so in its header. A log beside it belongs to the database that stood there
 * before; SQLite would write that one's pages into it.
 */
async function requireNoForeignLog(file: string): Promise<void> {
  const { takesNoLog } = await readHeader(file);
  const log = await stat(`${file}-wal`).catch(() => undefined);
  if (takesNoLog && log && log.size > 0) {
    throw new StoreError(
      'damaged',
      `${file}-wal belongs to the database that ${basename(file)} has replaced: remove it, then start again`,
    );
  }
}

async function requireSafeSqlite(db: Knex): Promise<void> {
  const [{ version }] = await db.raw('select sqlite_version() as version');
  const parts = String(version).split('.').map(Number);
  const difference = oldestSqlite.map((part, at) => (parts[at] ?? 0) - part).find(each => each !== 0) ?? 0;
  if (difference < 0) {
    throw new StoreError(
      'unavailable',
      `SQLite ${version} can lose commits; rebuild the npm package sqlite3 with ${oldestSqlite.join('.')} or newer`,
    );
  }
}

/** Brings a database up to today's schema. Rejects with `newer_version` where a newer Modelgate wrote `file`. */
export async function migrate(db: Knex, file: string): Promise<void> {
  if (await db.schema.hasTable('knex_migrations')) {
    const known = (await migrationSource.getMigrations([])).map(each => migrationSource.getMigrationName(each));
    const done: { name: string }[] = await db('knex_migrations').select('name');
    if (done.some(({ name }) => !known.includes(name))) {
      throw new StoreError(
        'newer_version',
        `${file} was written by a newer Modelgate: run that version, or restore a backup made with this one`,
      );
    }
  }
  // A crash amid a migration leaves knex's own lock behind; who may migrate is settled by SQLite's.
  await db.migrate.forceFreeMigrationsLock({ migrationSource });
  await db.migrate.latest({ migrationSource });
  if (!(await db('store_state').first('id'))) {
    await db('store_state').insert({ id: 1, epoch: randomUUID(), revision: 0 });
  }
}
