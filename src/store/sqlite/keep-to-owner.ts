import { chmod, open } from 'node:fs/promises';
import { StoreError } from '../store-error.ts';

/**
 * Makes the database where it is not there, and leaves it and its log to their owner alone. Before anything is in them: SQLite makes the log with the
 * database's mode, and the folder may be one that others can enter. Rejects with a StoreError `unwritable`.
 */
export async function keepToOwner(file: string): Promise<void> {
  try {
    await open(file, 'wx', 0o600).then(handle => handle.close(), ignoring('EEXIST'));
    for (const path of [file, `${file}-wal`]) {
      await ownersOnly({ chmod: mode => chmod(path, mode) }).catch(ignoring('ENOENT'));
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new StoreError(
      'unwritable',
      `${file} can't be made readable for its owner alone (${code}): give it to this user, or name another folder with --data (MODELGATE_DATA)`,
    );
  }
}

/**
 * Takes a file's permissions from everybody but its owner. Where the file is another user's, such as on a volume that is shared by its group, that
 * is for its owner to decide. Rejects as `chmod` does otherwise.
 */
export async function ownersOnly(file: { chmod(mode: number): Promise<void> }): Promise<void> {
  await file.chmod(0o600).catch(ignoring('EPERM'));
}

function ignoring(expected: string): (cause: NodeJS.ErrnoException) => void {
  return cause => {
    if (cause.code !== expected) {
      throw cause;
    }
  };
}
