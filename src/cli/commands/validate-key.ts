import { text as readAll } from 'node:stream/consumers';
import type { z } from 'zod';
import type { keyValidity, validateKey as validateKeyRequest } from '../../admin/schemas/auth.ts';
import { accepted } from '../api/api-client.ts';
import { chosenServer, withServer } from '../api/connection.ts';
import { exchange } from '../api/exchange.ts';
import { readKeyFile, toKey } from '../api/key-file.ts';
import type { AddCommand } from '../api-command.ts';
import { Refusal } from '../cli-error.ts';
import { text } from '../options.ts';
import { withProgress } from '../output/progress.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Surroundings } from '../surroundings.ts';

const path = '/api/v2/auth/validate_key';

/** Asks as whoever holds the API key, so it needs no legacy key. */
export const validateKey: AddCommand = (cli, at, terminal) =>
  cli.command(
    'validate',
    'Tell whether an API key is valid, and whose it is; exits with 1 when it is not. Reads it from standard input.',
    options =>
      withServer(options)
        .example('$0 keys validate --api-key-file api.key', '')
        .option('api-key-file', text('file that holds the API key, instead of standard input'))
        .option('audience', {
          choices: ['API', 'Application'] as const,
          requiresArg: true,
          describe: 'what the key is to open, API unless told',
        }),
    async ({ server: flag, apiKeyFile, audience }) => {
      const server = chosenServer(flag, at.env);
      const bearer = await readApiKey(apiKeyFile, at, terminal);
      const body: z.input<typeof validateKeyRequest> = { audience };
      const asked = exchange({ server, method: 'POST', path, bearer, body });
      const answer = accepted(server, await withProgress(at.stderr, () => `POST ${path}`, asked));
      const { valid, username, message } = answer.body as z.infer<typeof keyValidity>;
      if (!valid) {
        throw new Refusal(`not valid: ${message}`);
      }
      await terminal.print(`valid: ${username}\n`);
    },
  );

async function readApiKey(file: string | undefined, at: Surroundings, terminal: Terminal): Promise<string> {
  if (file !== undefined) {
    return readKeyFile(file, '--api-key-file', warning => terminal.note(warning));
  }
  if (at.stdin.isTTY) {
    terminal.note('paste the API key, then Enter and Ctrl-D');
  }
  return toKey(await readAll(at.stdin), 'standard input');
}
