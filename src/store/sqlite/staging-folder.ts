import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a backup is made ready to take the store's place, within the data directory. */
export function stagingFolder(dataDirectory: string): string {
  return join(dataDirectory, 'restore.partial');
}

/** Also what a restore left that was killed before it was done. */
export async function removeStaged(dataDirectory: string): Promise<void> {
  await rm(stagingFolder(dataDirectory), { recursive: true, force: true });
}
