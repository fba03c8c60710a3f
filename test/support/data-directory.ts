import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory: a store there waits for no disk. What a disk may lose is tested by faulty-disk.ts. */
const inMemory = '/dev/shm';

/** Far more than the stores of a whole run; what a container has by default is less. */
const freeBytesMin = 1024 ** 3;

const made: string[] = [];

/** A fresh folder that goes when the process ends; in memory where there is room, unless `TMPDIR` says where. */
export function dataDirectory(): string {
  if (made.length === 0) {
    process.once('exit', () => {
      for (const directory of made) {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
  const directory = mkdtempSync(join(hasRoom(inMemory) ? inMemory : tmpdir(), 'modelgate-test-'));
  made.push(directory);
  return directory;
}

function hasRoom(folder: string): boolean {
  if (process.env['TMPDIR'] !== undefined) {
    return false;
  }
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= freeBytesMin;
  } catch {
    return false;
  }
}
