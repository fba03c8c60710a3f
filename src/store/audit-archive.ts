import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDurable } from './make-durable.ts';
import { StoreError } from './store-error.ts';

/** In the data directory; a link to a folder elsewhere is as good. */
export const archiveFolder = 'audit-archive';
const unfinished = 'unfinished.partial';
/** Digits of an id in a file's name, so that names sort as ids do. */
const idDigits = 12;

/** An entry as it stands in a file: one line of JSON, without its end. */
export interface ArchivedEntry {
  readonly id: number;
  readonly line: string;
}

export interface ArchiveFile {
  readonly name: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly entries: number;
}

/**
 * Writes entries, stretch by stretch and at least one, into a file of their own, readable for its owner only, and answers it when
 * the disk holds it. It takes the place of a file of the same content alone; another one stays, such as that of the history before
 * a restored backup. Rejects with a StoreError `full` or `io_error`, or as `stretches` does.
 */
export async function writeArchive(
  dataDirectory: string,
  stretches: AsyncIterable<readonly ArchivedEntry[]>,
): Promise<ArchiveFile> {
  const folder = join(dataDirectory, archiveFolder);
  const partial = join(folder, unfinished);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await makeDurable(dataDirectory);
    const written = await writeStretches(partial, stretches);
    const name = await putInPlace(folder, partial, written);
    await makeDurable(folder);
    return { name, ...written };
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw explained(cause, folder);
  }
}

type Written = Omit<ArchiveFile, 'name'>;

async function writeStretches(file: string, stretches: AsyncIterable<readonly ArchivedEntry[]>): Promise<Written> {
  await rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);
  let written = { firstId: 0, lastId: 0, entries: 0 };
  try {
    for await (const stretch of stretches) {
      await handle.appendFile(stretch.map(({ line }) => `${line}\n`).join(''));
      written = {
        firstId: written.firstId || (stretch[0]?.id ?? 0),
        lastId: stretch.at(-1)?.id ?? written.lastId,
        entries: written.entries + stretch.length,
      };
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return written;
}

/** Under the first name that is free, or has the same content already. Nobody else writes here: the store's lock is ours. */
async function putInPlace(folder: string, partial: string, { firstId, lastId }: Written): Promise<string> {
  const ids = [firstId, lastId].map(id => String(id).padStart(idDigits, '0')).join('-');
  const written = await readFile(partial);
  for (let attempt = 1; ; attempt += 1) {
    const name = `audit-${ids}${attempt === 1 ? '' : `-${attempt}`}.jsonl`;
    const found = await readFile(join(folder, name)).catch(absent);
    // What a crash or a failing disk left of the same entries is replaced: nobody knows whether the disk holds it.
    if (found === undefined || found.equals(written)) {
      await rename(partial, join(folder, name));
      return name;
    }
  }
}

function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') {
    throw cause;
  }
  return undefined;
}

function explained(cause: unknown, folder: string): unknown {
  const { syscall, code } = cause as NodeJS.ErrnoException;
  if (syscall === undefined) {
    return cause;
  }
  const what = `audit entries can't be written into ${folder} (${code}), and stay in the store`;
  return code === 'ENOSPC'
    ? new StoreError('full', `${what}: free some space`)
    : new StoreError('io_error', `${what}: make it a folder that this user can write, or look at the disk`);
}
