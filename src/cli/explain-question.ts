import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { explainRequest } from '../admin/schemas/decisions.ts';
import { readKeyFile, readTypedKey } from './api/key-file.ts';
import { UsageError } from './cli-error.ts';
import { readJsonFile } from './json-file.ts';
import { text } from './options.ts';
import type { Terminal } from './output/terminal.ts';
import type { Surroundings } from './surroundings.ts';

/** What `explain` is asked about: a call by its model and key, or whole. */
interface Question {
  readonly model?: string | undefined;
  readonly accessKeyFile?: string | undefined;
  readonly keyId?: string | undefined;
  readonly apiKeyFile?: string | undefined;
  readonly request?: string | undefined;
  readonly pin?: string | undefined;
  readonly at?: string | undefined;
}

type ExplainRequest = z.input<typeof explainRequest>;

/** The name of a file that is none. */
const standardInput = '-';

export function withQuestion<T>(cli: Argv<T>) {
  return cli
    .positional('model', { type: 'string', describe: "the model's id" })
    .option(
      'access-key-file',
      text('in place of a model: file with the access key of the call; - reads standard input'),
    )
    .option('key-id', text("the caller's API key, by its Key ID; none: a call without any"))
    .option('api-key-file', text('in place of a Key ID: file with the API key of the call; - reads standard input'))
    .option(
      'request',
      text(
        'in place of model and API key: file with the call as Envoy sends it, {"path", "headers", "body"} in JSON; - reads standard input',
      ),
    )
    .option('pin', text('the model that the route pins'))
    .option('at', text('when the call is made, in RFC 3339; now unless told'));
}

/** Throws a UsageError where the call is named not at all, in two ways, or at no time. */
export function requireQuestion({ model, accessKeyFile, keyId, apiKeyFile, request, pin, at }: Question): true {
  const ways = [model, accessKeyFile, request].filter(way => way !== undefined);
  if (ways.length > 1 || (ways.length === 0 && pin === undefined)) {
    throw new UsageError('name the call in one way: by its model, --access-key-file or --request');
  }
  if (apiKeyFile !== undefined && (keyId ?? request) !== undefined) {
    throw new UsageError('name the API key in one way: by --key-id, --api-key-file or --request');
  }
  if ([accessKeyFile, apiKeyFile].every(file => file === standardInput)) {
    throw new UsageError('only one key can come from standard input: put the other one into a file');
  }
  if (at !== undefined && Number.isNaN(Date.parse(at))) {
    throw new UsageError('--at must be an instant in RFC 3339, such as 2026-01-31T12:00:00Z');
  }
  return true;
}

/** The question in the API's words, with the keys that the files hold. */
export async function toExplainRequest(
  { model, accessKeyFile, keyId, apiKeyFile, request, pin, at: when }: Question,
  at: Surroundings,
  terminal: Terminal,
): Promise<ExplainRequest> {
  const key = async (file: string | undefined, setting: string, what: string) =>
    file === standardInput
      ? readTypedKey(what, at, terminal)
      : file && readKeyFile(file, setting, warning => terminal.note(warning));
  return {
    model_id: model,
    access_key: await key(accessKeyFile, '--access-key-file', 'access key'),
    key_id: keyId,
    api_key: await key(apiKeyFile, '--api-key-file', 'API key'),
    request: request === undefined ? undefined : await readRequest(request, at),
    pin,
    at: when,
  };
}

async function readRequest(file: string, at: Surroundings): Promise<ExplainRequest['request']> {
  const told = { setting: '--request', example: '{"path": "/model", "headers": {}, "body": ""}' };
  return (await readJsonFile(file, told, at)) as ExplainRequest['request'];
}
