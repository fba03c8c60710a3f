import { open } from 'node:fs/promises';

/** Waits until the disk holds what is in a file, or which names are in a folder. Rejects with a fault of the file system. */
export async function makeDurable(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
