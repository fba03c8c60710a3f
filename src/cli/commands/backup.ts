import type { SiteBackup } from '../../admin/schemas/site.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { withFormat } from '../options.ts';
import { showThing } from '../output/show.ts';

export const backupCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'backup',
    description:
      "Copy the store into a new file in the server's data directory, while it serves; nothing removes old ones.",
    example: 'backup',
    options: options => withFormat(options),
    run: async ({ output }, api) => showThing(terminal, output, await api.write<SiteBackup>('POST', '/site:backup')),
  });
