import type { Explanation } from '../../admin/schemas/decisions.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { requireQuestion, toExplainRequest, withQuestion } from '../explain-question.ts';
import { withFormat } from '../options.ts';
import { explainedSteps } from '../output/explained-steps.ts';
import { showThing } from '../output/show.ts';
import type { Terminal } from '../output/terminal.ts';

/** Keys themselves are no options: they would stand in the list of processes. */
export const explainCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'explain [model]',
    description:
      'Tell why a call is let through or refused, rule by rule. Name its model and key, or give the whole --request.',
    example: 'explain fraud-v2 --key-id 8f3k2m9x7c1v5b0n',
    options: options => withFormat(withQuestion(options)).check(args => requireQuestion(args)),
    run: async ({ output, ...args }, api) => {
      const body = await toExplainRequest(args, at, terminal);
      const explained = await api.write<Explanation>('POST', '/decisions:explain', body);
      await (output === 'json' ? showThing(terminal, output, explained) : showSteps(terminal, explained));
    },
  });

async function showSteps(terminal: Terminal, { steps, ...result }: Explanation): Promise<void> {
  const lines = explainedSteps(steps);
  const { decision, reason, status_code, shadow_reason, revision } = result;
  const status = status_code === null ? '' : `, HTTP ${status_code}`;
  const shadow = shadow_reason === null ? '' : `; authentication would refuse it: ${shadow_reason}`;
  await terminal.print(
    `${[...lines, '', `${decision}: ${reason}${status}${shadow} (revision ${revision})`].join('\n')}\n`,
  );
}
