import { type FileHandle, open } from 'node:fs/promises';
import { buffer as readAll } from 'node:stream/consumers';
import { decodeText } from '../../input/decode-text.ts';
import { fileFaultWords } from '../../words/system-fault.ts';
import { Refusal, UsageError } from '../cli-error.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Surroundings } from '../surroundings.ts';
import { takeInput } from '../text-input.ts';

/** A key that can stand in a header: anything else in the file is no key. */
const keyForm = /^[\x21-\x7e]+$/;
/** A secret of ours, or an access key. */
const ownKey = /^(mg[kls]_[0-9A-Za-z]{20,}|m[0-9a-z]{31})$/;

/**
 * The key that a file holds. `setting` names where the file's name comes from. Warns where others may
 * read the file. Throws a UsageError or Refusal that never repeats what may be a key.
 */
export async function readKeyFile(file: string, setting: string, warn: (text: string) => void): Promise<string> {
  if (ownKey.test(file)) {
    throw new UsageError(`${setting} takes the name of a file that holds the key, never the key itself`);
  }
  const handle = await open(file).catch((fault: NodeJS.ErrnoException) => {
    throw new Refusal(`${setting}: ${file} can't be read: ${fileFaultWords(file, fault)}`);
  });
  try {
    await warnOfOtherReaders(handle, file, warn);
    return toKey(await handle.readFile(), `${setting}: ${file}`);
  } catch (fault) {
    throw fault instanceof Refusal
      ? fault
      : new Refusal(`${setting}: ${file} can't be read: ${fileFaultWords(file, fault as NodeJS.ErrnoException)}`);
  } finally {
    await handle.close();
  }
}

/** The key on standard input; a person at a terminal is told what to do. `what` is a kind of key. */
export async function readTypedKey(what: string, { stdin }: Surroundings, terminal: Terminal): Promise<string> {
  if (stdin.isTTY) {
    terminal.note(`paste the ${what}, then Enter and Ctrl-D`);
  }
  return toKey(await readAll(stdin), 'standard input');
}

/** A key without what stands around it; `origin` is named where there is none. */
function toKey(bytes: Uint8Array, origin: string): string {
  const key = takeInput(origin, () => decodeText(bytes)).trim();
  if (!keyForm.test(key)) {
    throw new Refusal(`${origin} holds ${key === '' ? 'nothing' : 'no key, which is one word of printable ASCII'}`);
  }
  return key;
}

async function warnOfOtherReaders(handle: FileHandle, file: string, warn: (text: string) => void): Promise<void> {
  const found = await handle.stat();
  if (found.isFile() && (found.mode & 0o077) !== 0 && process.platform !== 'win32') {
    warn(`warning: others may read ${file}: chmod 600 it`);
  }
}
