import type { FileHandle } from 'node:fs/promises';
import { StoreError } from '../store-error.ts';
import { type Mark, markFileOf, openMarkFile, type WrittenMark, writeMark } from './mark-file.ts';

/**
 * How far changes were acknowledged, kept beside the database: SQLite takes the first bad frame of its log for the
 * log's end, so the database alone can't tell that a change is missing.
 */
export class HighWaterMark {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #epoch: string;
  #newest: WrittenMark | undefined;
  #kept: number;
  #wanted: number;
  #writing: Promise<void> | undefined;

  private constructor(path: string, handle: FileHandle, { epoch }: Mark, newest: WrittenMark | undefined) {
    this.#path = path;
    this.#handle = handle;
    this.#epoch = epoch;
    this.#newest = newest;
    this.#kept = newest?.epoch === epoch ? newest.revision : -1;
    this.#wanted = this.#kept;
  }

  /** Takes up the mark of a database that stands at `head`; `newest` is what was found of it. Rejects as `keep` does, and with `unwritable`. */
  static async open(database: string, head: Mark, newest: WrittenMark | undefined): Promise<HighWaterMark> {
    const path = markFileOf(database);
    const handle = await openMarkFile(path, newest).catch(cause => {
      throw unopened(cause, path);
    });
    const mark = new HighWaterMark(path, handle, head, newest);
    try {
      await mark.keep(head.revision);
      return mark;
    } catch (fault) {
      await handle.close();
      throw fault;
    }
  }

  /**
   * Resolves when the disk holds that this revision, or one that could not be kept before, may be acknowledged. Calls
   * that come together share one write. Rejects with a StoreError `full` or `io_error`; the next call tries again.
   */
  async keep(revision = this.#wanted): Promise<void> {
    this.#wanted = Math.max(this.#wanted, revision);
    while (this.#kept < revision) {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async close(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    await this.#handle.close();
  }

  /** After a fault the same place is written again: what the other one holds is the last that is durable. */
  async #write(): Promise<void> {
    const mark = { epoch: this.#epoch, revision: this.#wanted };
    try {
      this.#newest = await writeMark(this.#handle, mark, this.#newest);
    } catch (cause) {
      throw explained(cause, this.#path);
    }
    this.#kept = mark.revision;
  }
}

/** Nothing was changed yet, so nothing is to be confirmed. */
function unopened(cause: unknown, path: string): StoreError {
  const { code } = cause as NodeJS.ErrnoException;
  const isRights = code === 'EPERM' || code === 'EACCES' || code === 'EROFS';
  return isRights
    ? new StoreError('unwritable', `${path} can't be written (${code}): make it and its folder writable for this user`)
    : new StoreError(
        code === 'ENOSPC' ? 'full' : 'io_error',
        `the disk that holds ${path} ${code === 'ENOSPC' ? 'is full: free some space' : `failed (${code}): look at the disk`}`,
      );
}

function explained(cause: unknown, path: string): StoreError {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOSPC'
    ? new StoreError('full', `the disk that holds ${path} is full: ${unconfirmed}; free some space and try again`)
    : new StoreError('io_error', `the disk that holds ${path} failed (${code}): ${unconfirmed}; look at the disk`);
}

const unconfirmed = 'the change is saved, but not confirmed, since it could be lost without a sign';
