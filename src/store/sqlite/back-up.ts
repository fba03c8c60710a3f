import { link, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { makeDurable } from '../make-durable.ts';
import type { BackupFile, OpenBackup } from '../store.ts';
import { StoreError } from '../store-error.ts';
import { connect } from './connect.ts';

export interface BackUpOptions {
  /** The store, as the one connection that writes it. */
  readonly db: Knex;
  /** Where the copy goes. */
  readonly directory: string;
  readonly now: () => number;
  /** Asked between steps: whether to give up, since the store is about to be closed. */
  readonly isClosing: () => boolean;
}

/** Pages copied at once; so long, some milliseconds, does a change wait for a backup. */
const pagesPerStep = 500;
const unfinished = 'backup.partial';

/** The driver's online backup, as far as it is used; its own types don't say when a step calls back. */
interface OnlineBackup {
  readonly remaining: number;
  step(pages: number, done: (error: Error | null, completed: boolean) => void): void;
  finish(done: (error: Error | null) => void): void;
}
interface Connection {
  backup(file: string, done: (error: Error | null) => void): OnlineBackup;
}

/**
 * Copies the store as it stands at one revision into a new file in its folder, readable for its owner only. Changes go
 * on meanwhile, and are in the copy. The copy is marked, so that whoever opens it in the store's place knows
 * that it goes back in time.
 */
export function backUp(options: BackUpOptions): Promise<BackupFile> {
  const { directory } = options;
  return copyStore(options, async (copy, made) => {
    // Unlike a rename, this takes nobody's place.
    await link(copy, join(directory, made.name));
    await removeUnfinished(directory);
    await makeDurable(directory);
    return made;
  });
}

/** The same copy without a name in the folder: nothing is left of it once it is read, or the process has ended. */
export function backUpToBeRead(options: BackUpOptions): Promise<OpenBackup> {
  return copyStore(options, async (copy, made) => {
    const handle = await open(copy);
    await removeUnfinished(options.directory);
    return { ...made, content: handle.createReadStream() };
  });
}

async function copyStore<T>(options: BackUpOptions, take: (copy: string, made: BackupFile) => Promise<T>): Promise<T> {
  const { directory, now } = options;
  const copy = join(directory, unfinished);
  try {
    await removeUnfinished(directory);
    await (await open(copy, 'wx', 0o600)).close();
    await copyPages(options, copy);
    const revision = await finish(copy);
    await makeDurable(copy);
    const { size } = await stat(copy);
    return await take(copy, { name: `backup-r${revision}-${fileTime(now())}.db`, size, revision });
  } catch (cause) {
    await removeUnfinished(directory).catch(() => undefined);
    throw explained(cause, directory);
  }
}

/** An instant in the name of a file, in UTC to the millisecond. */
export function fileTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:.]/g, '');
}

/** What a crash amid a backup left. */
export async function removeUnfinished(directory: string): Promise<void> {
  for (const ending of ['', '-journal', '-wal', '-shm']) {
    await rm(join(directory, unfinished + ending), { force: true });
  }
}

/** Step by step, each in its turn among the changes; the connection that makes these also tells the copy of them. */
async function copyPages({ db, isClosing }: BackUpOptions, copy: string): Promise<void> {
  let backup: OnlineBackup | undefined;
  let completed = false;
  try {
    while (!completed) {
      const connection: Connection = await db.client.acquireConnection();
      try {
        backup ??= await begin(connection, copy);
        completed = await step(backup);
      } finally {
        await db.client.releaseConnection(connection);
      }
      if (isClosing()) {
        throw new StoreError('unavailable', 'the store is being closed: no backup was made');
      }
      if (!completed && backup.remaining <= pagesPerStep) {
        // The last step makes the copy durable while changes wait: better that little is left of it.
        await makeDurable(copy);
      }
    }
  } finally {
    await new Promise<void>(resolve => (backup ? backup.finish(() => resolve()) : resolve()));
  }
}

function begin(connection: Connection, copy: string): Promise<OnlineBackup> {
  return new Promise((resolve, reject) => {
    const backup = connection.backup(copy, error => (error ? reject(error) : resolve(backup)));
  });
}

function step(backup: OnlineBackup): Promise<boolean> {
  return new Promise((resolve, reject) => {
    backup.step(pagesPerStep, (error, completed) => (error ? reject(error) : resolve(completed)));
  });
}

/** Marks the copy, looks whether it is sound, and answers its revision. It is one file: no log goes with it. */
async function finish(copy: string): Promise<number> {
  const db = connect(copy, ['PRAGMA journal_mode = DELETE', 'PRAGMA synchronous = FULL']);
  try {
    await db('store_state').update({ is_copy: true });
    const [{ quick_check: found }] = await db.raw('PRAGMA quick_check(1)');
    if (found !== 'ok') {
      throw new StoreError('damaged', 'the copy is not sound, nor may be the store: restore an earlier backup');
    }
    return Number((await db('store_state').first('revision')).revision);
  } finally {
    await db.destroy();
  }
}

/** A fault of the file system is one of the disk; what a driver says is told by whoever knows it. */
function explained(cause: unknown, directory: string): unknown {
  const { syscall, code } = cause as NodeJS.ErrnoException;
  return syscall === undefined
    ? cause
    : new StoreError('io_error', `the backup can't be written into ${directory} (${code}): nothing is left of it`);
}
