import { chmod, constants, copyFile, mkdir, open, stat } from 'node:fs/promises';
import type { Knex } from 'knex';
import { StoreError } from '../store-error.ts';
import { connect } from './connect.ts';
import { readHeader } from './file-header.ts';
import { databasePath, migrate } from './open-store.ts';
import { singleFile } from './replace-store.ts';
import { removeStaged, stagingFolder } from './staging-folder.ts';
import { toStoreError } from './to-store-error.ts';

/** How each file of SQLite's begins. */
const magic = 'SQLite format 3\0';

/**
 * Copies a backup into a folder of its own within the data directory and answers that folder: a data directory whose store is
 * the copy, marked as one. Rejects with `not_found`; with `damaged` where it is no sound database of ours; with `newer_version`; with
 * `in_use` where it is a database that has a log.
 */
export async function stageBackup(backup: string, dataDirectory: string): Promise<string> {
  await requireBackup(backup, dataDirectory);
  const staging = stagingFolder(dataDirectory);
  await removeStaged(dataDirectory);
  try {
    await mkdir(staging, { mode: 0o700 });
    const copy = databasePath(staging);
    await copyFile(backup, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(copy, 0o600);
    await markCopy(copy, backup);
    return staging;
  } catch (cause) {
    await removeStaged(dataDirectory).catch(() => undefined);
    throw explained(cause, backup, dataDirectory);
  }
}

/** By the file system alone: nothing that is there is changed by it. */
async function requireBackup(backup: string, dataDirectory: string): Promise<void> {
  const found = await stat(backup, { bigint: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new StoreError('not_found', `the backup ${backup} can't be read (${cause.code})`);
  });
  const own = await stat(databasePath(dataDirectory), { bigint: true }).catch(() => undefined);
  if (own && own.ino === found.ino && own.dev === found.dev) {
    throw new StoreError('conflict', `${backup} is the store itself: name a backup of it`);
  }
  if (!found.isFile() || !(await beginsAsDatabase(backup))) {
    throw noBackup(backup);
  }
  const { takesNoLog } = await readHeader(backup);
  if (!takesNoLog && (await stat(`${backup}-wal`).catch(() => undefined))) {
    throw new StoreError(
      'in_use',
      `${backup} has a log beside it (${backup}-wal): a server runs on it, or was killed. Take a backup by \`modelgate backup\`, or start and stop a server on it first`,
    );
  }
}

async function beginsAsDatabase(file: string): Promise<boolean> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw new StoreError('not_found', `the backup ${file} can't be read (${cause.code})`);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return bytesRead === magic.length && buffer.toString('latin1') === magic;
  } finally {
    await handle.close();
  }
}

/** Looks whether the copy is sound, and says in it that it is one, so that it goes on as another history. */
async function markCopy(copy: string, backup: string): Promise<void> {
  const db = connect(copy, singleFile);
  try {
    const [{ quick_check: found }] = await db.raw('PRAGMA quick_check(1)');
    if (found !== 'ok' || !(await isOurs(db))) {
      throw noBackup(backup);
    }
    await migrate(db, backup);
    await db('store_state').update({ is_copy: true });
  } finally {
    await db.destroy();
  }
}

async function isOurs(db: Knex): Promise<boolean> {
  return (await db.schema.hasTable('knex_migrations')) && (await db.schema.hasTable('store_state'));
}

function noBackup(backup: string): StoreError {
  return new StoreError(
    'damaged',
    `${backup} is no backup of Modelgate's, or is damaged: nothing was changed; name another one`,
  );
}

/** What SQLite can't read of the copy, it could not read of the backup. */
function explained(cause: unknown, backup: string, dataDirectory: string): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') {
    return noBackup(backup);
  }
  return syscall === undefined
    ? (toStoreError(cause, databasePath(dataDirectory)) ?? cause)
    : new StoreError('io_error', `${backup} can't be copied into ${dataDirectory} (${code}): nothing was changed`);
}
