import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { Explanation, explainRequest } from '../../admin/schemas/decisions.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { text, withFormat } from '../options.ts';
import { showThing } from '../output/show.ts';
import type { Terminal } from '../output/terminal.ts';

type Row = Explanation['steps'][number]['rows'][number];

/** Keys themselves are no options: they would stand in the list of processes. */
export const explainCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'explain <model>',
    description: 'Tell why a call of a model is let through or refused, rule by rule.',
    example: 'explain fraud-v2 --key-id 8f3k2m9x7c1v5b0n',
    options: options => withFormat(withQuestion(options)).check(requireInstant),
    run: async ({ model, keyId, pin, at: when, output }, api) => {
      const body: z.input<typeof explainRequest> = { model_id: model, key_id: keyId, pin, at: when };
      const explained = await api.write<Explanation>('POST', '/decisions:explain', body);
      await (output === 'json' ? showThing(terminal, output, explained) : showSteps(terminal, explained));
    },
  });

function withQuestion<T>(cli: Argv<T>) {
  return cli
    .positional('model', { type: 'string', demandOption: true, describe: "the model's id" })
    .option('key-id', text("the caller's API key, by its Key ID; none: a call without any"))
    .option('pin', text('the model that the route pins'))
    .option('at', text('when the call is made, in RFC 3339; now unless told'));
}

function requireInstant({ at }: { at?: string | undefined }): true {
  if (at !== undefined && Number.isNaN(Date.parse(at))) {
    throw new UsageError('--at must be an instant in RFC 3339, such as 2026-01-31T12:00:00Z');
  }
  return true;
}

async function showSteps(terminal: Terminal, { steps, ...result }: Explanation): Promise<void> {
  const lines = steps.flatMap(({ rule, question, met, binding, rows }) => [
    `${met ? 'yes' : 'no '}  ${rule.padEnd(4)} ${question}${met || binding ? '' : ' (tells only)'}`,
    ...rows.map(row => `          ${shown(row)}`),
  ]);
  const { decision, reason, status_code, shadow_reason, revision } = result;
  const status = status_code === null ? '' : `, HTTP ${status_code}`;
  const shadow = shadow_reason === null ? '' : `; authentication would refuse it: ${shadow_reason}`;
  await terminal.print(
    `${[...lines, '', `${decision}: ${reason}${status}${shadow} (revision ${revision})`].join('\n')}\n`,
  );
}

function shown({ kind, id, found, facts }: Row): string {
  const told = Object.entries(facts).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${kind} ${id}: ${found ? told.join(' ') : 'not there'}`.replace(' :', ':');
}
