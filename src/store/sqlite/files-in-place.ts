import { stat } from 'node:fs/promises';
import { StoreError } from '../store-error.ts';
import { markFileOf } from './mark-file.ts';

/** Rejects with `displaced` where the files that are written are not those that the next start reads; tells whether the change was made. */
export type RequireInPlace = (change: 'uncommitted' | 'committed') => Promise<void>;

const outcomes = {
  uncommitted: 'the change was not made, since it would not outlive a restart',
  committed: 'the change was made and is in force, but would not outlive a restart',
};

/**
 * A database goes on in files that were removed or replaced under it, as if all were well, and all of it is
 * gone at the next start. Remembers which files the database, its log and its mark are now; the answer rejects with
 * `displaced` once others, or none, stand in their place, and says what became of the change that asks.
 */
export async function filesInPlace(database: string): Promise<RequireInPlace> {
  const paths = [database, `${database}-wal`, markFileOf(database)];
  const opened = await Promise.all(paths.map(identity));
  return async change => {
    const found = await Promise.all(paths.map(identity));
    if (found.some((each, at) => each !== opened[at])) {
      throw new StoreError(
        'displaced',
        `${database}, its -wal or its -mark was moved, replaced or removed while Modelgate runs on it: ${outcomes[change]}; put the files back, or restart Modelgate`,
      );
    }
  };
}

async function identity(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.dev}:${found.ino}` : 'none';
}
