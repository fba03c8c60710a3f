import { readFile } from 'node:fs/promises';
import type { Argv } from 'yargs';
import { fileFaultWords } from '../../words/system-fault.ts';
import { Refusal, UsageError } from '../cli-error.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Surroundings } from '../surroundings.ts';
import { ApiClient } from './api-client.ts';
import type { ChosenServer } from './exchange.ts';
import { readKeyFile } from './key-file.ts';

/** Where to ask, and whom to trust there. */
export interface ServerArguments {
  readonly server: string | undefined;
  readonly caFile: string | undefined;
}

/** Where to ask, and with which key: given to every command that speaks the API. */
export interface ConnectionArguments extends ServerArguments {
  readonly keyFile: string | undefined;
}

const defaultServer = 'http://127.0.0.1:9192';

export function withServer<T>(cli: Argv<T>) {
  return cli
    .option('server', {
      type: 'string',
      requiresArg: true,
      describe: 'URL of the admin API (MODELGATE_SERVER)',
      defaultDescription: defaultServer,
    })
    .option('ca-file', {
      type: 'string',
      requiresArg: true,
      describe: "certificate of the CA that the server's comes from, in PEM (MODELGATE_CA_FILE)",
    });
}

export function withConnection<T>(cli: Argv<T>) {
  return withServer(cli).option('key-file', {
    type: 'string',
    requiresArg: true,
    describe: 'file that holds your legacy key, mgl_… (MODELGATE_KEY_FILE)',
  });
}

/** The API with the caller's legacy key. Rejects where a setting is missing or can't be used. */
export async function connect(args: ConnectionArguments, at: Surroundings, terminal: Terminal): Promise<ApiClient> {
  const chosen = await chosenServer(args, at.env);
  const file = args.keyFile ?? at.env['MODELGATE_KEY_FILE'] ?? '';
  if (file === '') {
    throw new UsageError('set --key-file or MODELGATE_KEY_FILE to a file that holds your legacy key (mgl_…)');
  }
  const setting = args.keyFile === undefined ? 'MODELGATE_KEY_FILE' : '--key-file';
  return new ApiClient({
    ...chosen,
    keyOrigin: `${setting}: ${file}`,
    bearer: await readKeyFile(file, setting, text => terminal.note(text)),
    stderr: at.stderr,
    onRevision: revision => terminal.note(`revision ${revision}`),
  });
}

/** The server and its CA, each from the flag, the environment or the default. Rejects where one of them can't be used. */
export async function chosenServer(args: ServerArguments, env: Surroundings['env']): Promise<ChosenServer> {
  const text = args.server ?? (env['MODELGATE_SERVER'] || defaultServer);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '';
  if (!isPlain) {
    throw new UsageError(
      '--server (MODELGATE_SERVER) must be a URL such as http://127.0.0.1:9192, without user, query and fragment',
    );
  }
  const caFile = args.caFile ?? env['MODELGATE_CA_FILE'] ?? '';
  // As people copy it from the API's description.
  const server = url.href.replace(/\/+$/, '').replace(/\/api\/v2$/, '');
  return { server, ca: caFile === '' ? undefined : await readCa(caFile) };
}

async function readCa(file: string): Promise<string> {
  const name = `--ca-file (MODELGATE_CA_FILE): ${file}`;
  const pem = await readFile(file, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    throw new Refusal(`${name} can't be read: ${fileFaultWords(file, fault)}`);
  });
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Refusal(`${name} holds no certificate in PEM`);
  }
  return pem;
}
