import type { TestAnswer, TestRequest } from '../../admin/schemas/test-model.ts';
import { apiPath } from '../api/api-path.ts';
import { readKeyFile, readTypedKey } from '../api/key-file.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { Refusal, UsageError } from '../cli-error.ts';
import { readJsonFile } from '../json-file.ts';
import { text, withFormat } from '../options.ts';
import { explainedSteps } from '../output/explained-steps.ts';
import { showThing } from '../output/show.ts';
import type { Terminal } from '../output/terminal.ts';
import { printable } from '../output/text-width.ts';
import type { Surroundings } from '../surroundings.ts';

interface Files {
  readonly apiKeyFile?: string | undefined;
  readonly request?: string | undefined;
}

/** `--key-file` is the caller's own legacy key, as with every command. */
export const testModel: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'test <project> <model>',
    description:
      'Call a model through the gateway, and show status, replica and decision; exits with 1 unless the model answers.',
    example: 'models test fraud fraud-v2 --api-key-file api.key',
    options: options =>
      withFormat(options)
        .positional('project', { type: 'string', demandOption: true, describe: "the project's id" })
        .positional('model', { type: 'string', demandOption: true, describe: "the model's id" })
        .option('api-key-file', text('file with the API key to call with; - reads standard input; none: without any'))
        .option('request', text('file with what the model is asked, in JSON; - reads standard input'))
        .check(args => requireOneInput(args)),
    run: async ({ project, model, output, ...files }, api) => {
      const body = await toTestRequest(files, at, terminal);
      const path = `${apiPath`/projects/${project}/models/${model}`}:test`;
      const came = await api.write<TestAnswer>('POST', path, body);
      await (output === 'json' ? showThing(terminal, output, came) : showTest(terminal, came));
      if (came.explanation.decision === 'deny' || (came.status_code ?? (came.via === 'gateway' ? 500 : 200)) >= 400) {
        throw new Refusal(`the test failed: ${came.message}`);
      }
    },
  });

function requireOneInput({ apiKeyFile, request }: Files): true {
  if (apiKeyFile === '-' && request === '-') {
    throw new UsageError('only one of --api-key-file and --request can come from standard input');
  }
  return true;
}

async function toTestRequest({ apiKeyFile, request }: Files, at: Surroundings, terminal: Terminal) {
  const api_key =
    apiKeyFile === '-'
      ? await readTypedKey('API key', at, terminal)
      : apiKeyFile && (await readKeyFile(apiKeyFile, '--api-key-file', warning => terminal.note(warning)));
  const example = '{"dob": "19 - 22"}';
  const asked = request === undefined ? undefined : await readJsonFile(request, { setting: '--request', example }, at);
  return { api_key, request: asked } satisfies TestRequest;
}

async function showTest(terminal: Terminal, came: TestAnswer): Promise<void> {
  const { via, status_code, replica_id, reason, message, duration_ms, body, body_truncated, explanation } = came;
  const answer =
    via === 'decision'
      ? [`decision  ${explanation.decision} (no gateway is configured: no call was made)`]
      : [`status    ${status_code ?? 'none'}`, `replica   ${replica_id ?? '-'}`, `took      ${duration_ms} ms`];
  // What a model answers must not steer the terminal.
  const bodyLines = (body ?? '').split('\n').map(printable);
  const shownBody = body === null ? [] : ['', ...bodyLines, ...(body_truncated ? ['…'] : [])];
  const lines = [...answer, `reason    ${reason}`, `message   ${printable(message)}`, ...shownBody];
  await terminal.print(`${[...lines, '', ...explainedSteps(explanation.steps)].join('\n')}\n`);
}
