import { StoreError, type StoreErrorCode } from '../store-error.ts';

const revokeAnew = 'revoke anew what was revoked since';

interface Meaning {
  readonly code: StoreErrorCode;
  readonly message: (file: string) => string;
}

const writable = 'make it and its folder writable for this user, or name another folder with --data (MODELGATE_DATA)';

const meanings: Record<string, Meaning> = {
  SQLITE_BUSY: {
    code: 'in_use',
    message: file =>
      `${file} is in use by another process: stop the Modelgate that runs on this data directory, let this one wait for its place with --take-over-ms (MODELGATE_TAKE_OVER_MS), or name another directory with --data (MODELGATE_DATA)`,
  },
  SQLITE_CANTOPEN: { code: 'unwritable', message: file => `${file} can't be opened: ${writable}` },
  SQLITE_READONLY: { code: 'unwritable', message: file => `${file} can't be written: ${writable}` },
  SQLITE_PERM: { code: 'unwritable', message: file => `${file} can't be accessed: ${writable}` },
  SQLITE_NOTADB: {
    code: 'damaged',
    message: file =>
      `${file} is no database of Modelgate's: move it away, or restore a backup in its place and ${revokeAnew}`,
  },
  // A read that fails (EIO) comes as this too, so it must not send anybody to a backup first: that would bring revoked keys back.
  SQLITE_CORRUPT: {
    code: 'damaged',
    message: file =>
      `${file} can't be read: its disk fails, or the file is damaged; nothing was changed by this attempt. Look at the disk and try again; only where the disk is well and it stays so, restore a backup and ${revokeAnew}`,
  },
  SQLITE_CONSTRAINT: {
    code: 'conflict',
    message: () => 'the change names something that is taken, or that is not there: nothing was saved',
  },
  SQLITE_FULL: {
    code: 'full',
    message: file => `the disk that holds ${file} is full: nothing was saved; free some space and try again`,
  },
  SQLITE_IOERR: {
    code: 'io_error',
    message: file =>
      `the disk that holds ${file} failed: the change is not confirmed and is dropped by the next one; look at the disk, then try again`,
  },
};

/** What knex's pool says when it was destroyed. */
const poolClosed = ['aborted', 'Unable to acquire a connection'];

/**
 * What a driver's error means to people; undefined where the error is none of the driver's. The cause is
 * reduced to its code: a driver's message may quote the values of a statement.
 */
export function toStoreError(cause: unknown, file: string): StoreError | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  const isDriverError = typeof code === 'string' && code.startsWith('SQLITE_');
  const isPoolError =
    cause instanceof Error && (cause.name === 'KnexTimeoutError' || poolClosed.includes(cause.message));
  if (!isDriverError && !isPoolError) {
    return undefined;
  }
  const meaning = isDriverError ? meanings[code] : undefined;
  return meaning
    ? new StoreError(meaning.code, meaning.message(file), { code })
    : new StoreError('unavailable', `the store can't be reached (${isDriverError ? code : 'closed'}): try again`, {
        code,
      });
}
