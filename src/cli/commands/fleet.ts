import type { Fleet } from '../../admin/schemas/fleet.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { withFormat } from '../options.ts';
import { asTime, printTable, showThing, toJson } from '../output/show.ts';
import type { Column } from '../output/table.ts';

const columns: Column<Fleet['sidecars'][number]>[] = [
  { title: 'SIDECAR', of: ({ id }) => id, whole: true },
  { title: 'REVISION', of: ({ revision }) => String(revision), whole: true },
  { title: 'BEHIND', of: ({ lag_seconds }) => `${lag_seconds} s`, whole: true },
  { title: 'SINCE', of: ({ since }) => asTime(since), whole: true },
  { title: 'VERSION', of: ({ version }) => version, whole: true },
  { title: 'ADDRESS', of: ({ address }) => address },
];

export const fleetCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'fleet',
    description: 'Show which revision the checks of this server and of each sidecar see.',
    example: 'fleet',
    options: options => withFormat(options),
    run: async ({ output }, api) => {
      const { sidecars, ...revisions } = await api.get<Fleet>('/fleet');
      if (output === 'json') {
        await terminal.print(toJson({ ...revisions, sidecars }));
        return;
      }
      await showThing(terminal, output, revisions);
      if (sidecars.length === 0) {
        terminal.note('no sidecars: this server alone answers checks');
      } else {
        await terminal.print('\n');
        await printTable(terminal, columns, sidecars);
      }
    },
  });
