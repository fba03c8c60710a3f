import { UnreadableInput } from '../input/decode-text.ts';
import { readJson } from '../input/read-json.ts';
import { Refusal } from './cli-error.ts';
import type { Surroundings } from './surroundings.ts';
import { inputName, readTextInput } from './text-input.ts';

/**
 * The JSON that a file or standard input (`-`) holds; what it says is judged by the server. No word of it is repeated in a
 * Refusal: there may be keys in it.
 */
export async function readJsonFile(
  file: string,
  { setting, example }: { readonly setting: string; readonly example: string },
  at: Surroundings,
): Promise<unknown> {
  const json = await readTextInput(file, setting, at);
  try {
    return readJson(json);
  } catch (fault) {
    if (fault instanceof UnreadableInput) {
      throw new Refusal(`${setting}: ${inputName(file)} ${fault.message}; it must be such as ${example}`);
    }
    throw fault;
  }
}
