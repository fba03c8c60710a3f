import type { Denial } from '../../admin/schemas/denials.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { listQuery, text, wholeNumber, withFormat, withListOptions } from '../options.ts';
import { asTime, showList } from '../output/show.ts';
import type { Column } from '../output/table.ts';

const columns: Column<Denial>[] = [
  { title: 'TIME', of: ({ at }) => asTime(at), whole: true },
  { title: 'REASON', of: ({ reason }) => reason, whole: true },
  { title: 'MODEL', of: ({ model_id }) => model_id ?? '-' },
  { title: 'KEY ID', of: ({ key_id }) => key_id ?? '-', whole: true },
  { title: 'CALLER', of: ({ caller_address }) => caller_address },
  { title: 'REQUEST ID', of: ({ request_id }) => request_id, whole: true },
];

export const denialsCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'denials',
    description: 'List the last refused calls, the newest first unless sorted: why was I refused?',
    example: 'denials --request-id 5f1c7a52-9d7e-4d53-8f5e-1f6a4f0f2f1b',
    options: options =>
      withFormat(
        withListOptions(options, ['at'] as const, 'only calls with this text in an id, the reason or the address'),
      )
        .option('request-id', text('the id that the denial carried as x-modelgate-request-id'))
        .option('model', text('only calls of this model'))
        .option('project', text('only calls of models of this project'))
        .option('key-id', text('only calls with this API key'))
        .option('reason', text('only calls refused for this reason, such as not_authorized'))
        .option('limit', wholeNumber('limit', 'the most that are shown; none: all that the server remembers')),
    run: async ({ requestId, model, project, keyId, reason, limit, output, ...args }, api) => {
      const filters = {
        ...listQuery(args),
        request_id: requestId,
        model_id: model,
        project_id: project,
        key_id: keyId,
        reason,
      };
      const rows = await api.list<Denial>('/denials', 'denials', filters, limit);
      await showList(terminal, output, { rows, columns, none: 'no denials that this server remembers' });
    },
  });
