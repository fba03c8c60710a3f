import { link, open, rm, stat } from 'node:fs/promises';
import { Refusal } from '../cli-error.ts';

/** Throws a Refusal where something has the name: nothing is overwritten. */
export async function requireFreePath(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) {
    throw taken(path);
  }
}

/**
 * Writes bytes into a new file, readable for its owner only, and makes it durable: there is all of it or none. `ended` is asked
 * when the last is written, and throws where some are missing. Rejects with a Refusal.
 */
export async function writeNewFile(path: string, content: AsyncIterable<Buffer>, ended: () => void): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      for await (const piece of content) {
        await handle.writeFile(piece);
      }
      ended();
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Unlike a rename, this takes nobody's place.
    await link(partial, path);
  } catch (fault) {
    throw explained(fault, path);
  } finally {
    await rm(partial, { force: true });
  }
}

function explained(fault: unknown, path: string): unknown {
  const { code, syscall } = fault as NodeJS.ErrnoException;
  if (code === 'EEXIST') {
    return taken(path);
  }
  return syscall === undefined || fault instanceof Refusal
    ? fault
    : new Refusal(`${path} can't be written (${code}): nothing is left of it`);
}

function taken(path: string): Refusal {
  return new Refusal(`${path} is there already: name another file`);
}
