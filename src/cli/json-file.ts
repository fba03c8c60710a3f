import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Refusal } from './cli-error.ts';
import type { Surroundings } from './surroundings.ts';

/** The name of a file that is none. */
const standardInput = '-';

/**
 * The JSON that a file or standard input (`-`) holds; what it says is judged by the server. No word of it is repeated in a
 * Refusal: there may be keys in it.
 */
export async function readJsonFile(
  file: string,
  { setting, example }: { readonly setting: string; readonly example: string },
  at: Surroundings,
): Promise<unknown> {
  const name = file === standardInput ? 'standard input' : file;
  const json = await (file === standardInput ? readAll(at.stdin) : readFile(file, 'utf8')).catch(
    (fault: NodeJS.ErrnoException) => {
      throw new Refusal(`${setting}: ${name} can't be read (${fault.code})`);
    },
  );
  try {
    return JSON.parse(json);
  } catch {
    throw new Refusal(`${setting}: ${name} is no JSON, such as ${example}`);
  }
}
