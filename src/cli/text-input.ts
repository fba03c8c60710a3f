import { readFile } from 'node:fs/promises';
import { buffer as readAll } from 'node:stream/consumers';
import { decodeText, UnreadableInput } from '../input/decode-text.ts';
import { fileFaultWords } from '../words/system-fault.ts';
import { Refusal } from './cli-error.ts';
import type { Surroundings } from './surroundings.ts';

/** The name of a file that is none. */
const standardInput = '-';

export function inputName(file: string): string {
  return file === standardInput ? 'standard input' : file;
}

/** The text of a file or of standard input (`-`), named by `setting`. Rejects with a Refusal where it can't be read or is no UTF-8. */
export async function readTextInput(file: string, setting: string, at: Surroundings): Promise<string> {
  const bytes = await (file === standardInput ? readAll(at.stdin) : readFile(file)).catch(
    (fault: NodeJS.ErrnoException) => {
      throw new Refusal(`${setting}: ${inputName(file)} can't be read: ${fileFaultWords(file, fault)}`);
    },
  );
  return takeInput(`${setting}: ${inputName(file)}`, () => decodeText(bytes));
}

/** What `read` answers; an UnreadableInput becomes a Refusal that begins with `name`. */
export function takeInput<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw fault instanceof UnreadableInput ? new Refusal(`${name} ${fault.message}`) : fault;
  }
}
