import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A fresh folder that goes when the process ends. */
export function dataDirectory(): string {
  if (made.length === 0) {
    process.once('exit', () => {
      for (const directory of made) {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
  const directory = mkdtempSync(join(tmpdir(), 'modelgate-test-'));
  made.push(directory);
  return directory;
}
