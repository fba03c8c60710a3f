import type { AcceptedClock } from '../../admin/schemas/site.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { withFormat } from '../options.ts';
import { showThing } from '../output/show.ts';

export const acceptClockCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'accept-clock',
    description:
      "Take the server's clock as right although it is behind the latest time seen; expired keys may live again.",
    example: 'accept-clock',
    options: options => withFormat(options),
    run: async ({ output }, api) =>
      showThing(terminal, output, await api.write<AcceptedClock>('POST', '/site:accept_clock')),
  });
