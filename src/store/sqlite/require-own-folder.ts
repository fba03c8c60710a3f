import { stat } from 'node:fs/promises';
import { StoreError } from '../store-error.ts';

const writableByOthers = 0o002;
const writableByGroup = 0o020;
const sticky = 0o1000;

/**
 * Rejects with `unwritable` where everybody may put another database and another mark in the place of ours: the files' own mode
 * guards only what is in them. Warns where others may put files beside them. A group that we are in may write, as on volumes of Kubernetes.
 */
export async function requireOwnFolder(
  directory: string,
  warn: (fields: object, message: string) => void,
): Promise<void> {
  const { mode, gid } = await stat(directory);
  if ((mode & writableByOthers) !== 0 && (mode & sticky) === 0) {
    throw new StoreError(
      'unwritable',
      `the data directory ${directory} is writable for everybody, who could replace the store: chmod 700 it, or name another one with --data (MODELGATE_DATA)`,
    );
  }
  const ours = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
  if ((mode & writableByOthers) !== 0 || ((mode & writableByGroup) !== 0 && !ours.includes(gid))) {
    warn({ directory }, 'others may write the data directory: chmod 700 it');
  }
}
