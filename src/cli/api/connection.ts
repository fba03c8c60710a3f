import type { Argv } from 'yargs';
import { UsageError } from '../cli-error.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Surroundings } from '../surroundings.ts';
import { ApiClient } from './api-client.ts';
import { readKeyFile } from './key-file.ts';

/** Where to ask, and with which key: given to every command that speaks the API. */
export interface ConnectionArguments {
  readonly server: string | undefined;
  readonly keyFile: string | undefined;
}

const defaultServer = 'http://127.0.0.1:9192';

export function withServer<T>(cli: Argv<T>) {
  return cli.option('server', {
    type: 'string',
    requiresArg: true,
    describe: 'URL of the admin API (MODELGATE_SERVER)',
    defaultDescription: defaultServer,
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
  const server = chosenServer(args.server, at.env);
  const file = args.keyFile ?? at.env['MODELGATE_KEY_FILE'] ?? '';
  if (file === '') {
    throw new UsageError('set --key-file or MODELGATE_KEY_FILE to a file that holds your legacy key (mgl_…)');
  }
  const setting = args.keyFile === undefined ? 'MODELGATE_KEY_FILE' : '--key-file';
  return new ApiClient({
    server,
    keyOrigin: `${setting}: ${file}`,
    bearer: await readKeyFile(file, setting, text => terminal.note(text)),
    stderr: at.stderr,
    onRevision: revision => terminal.note(`revision ${revision}`),
  });
}

/** The server's URL without a slash at its end, from the flag, the environment or the default. */
export function chosenServer(flag: string | undefined, env: Surroundings['env']): string {
  const text = flag ?? (env['MODELGATE_SERVER'] || defaultServer);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '';
  if (!isPlain) {
    throw new UsageError(
      '--server (MODELGATE_SERVER) must be a URL such as http://127.0.0.1:9192, without user, query and fragment',
    );
  }
  return url.href.replace(/\/+$/, '');
}
