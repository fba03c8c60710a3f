import type { Argv } from 'yargs';
import { accepted } from '../../api/api-client.ts';
import { chosenServer, type ServerArguments, withServer } from '../../api/connection.ts';
import { type Answer, exchange } from '../../api/exchange.ts';
import { readKeyFile, readTypedKey } from '../../api/key-file.ts';
import { text } from '../../options.ts';
import { withProgress } from '../../output/progress.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { Surroundings } from '../../surroundings.ts';

/** What is asked as whoever holds an API key, and needs no legacy key. */
interface HolderArguments extends ServerArguments {
  readonly apiKeyFile: string | undefined;
}

export function withApiKey<T>(cli: Argv<T>) {
  return withServer(cli).option('api-key-file', text('file that holds the API key, instead of standard input'));
}

/** The API's answer to whoever holds the key of a file or of standard input; a key is never an argument. */
export async function askAsHolder(
  { apiKeyFile, ...where }: HolderArguments,
  path: string,
  body: object,
  at: Surroundings,
  terminal: Terminal,
): Promise<Answer> {
  const { server, ca } = await chosenServer(where, at.env);
  const bearer =
    apiKeyFile === undefined
      ? await readTypedKey('API key', at, terminal)
      : await readKeyFile(apiKeyFile, '--api-key-file', warning => terminal.note(warning));
  const asked = exchange({ server, ca, method: 'POST', path: `/api/v2${path}`, bearer, body });
  return accepted(server, await withProgress(at.stderr, () => `POST ${path}`, asked));
}
