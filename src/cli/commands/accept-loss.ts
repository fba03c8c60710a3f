import { settings } from '../../config/serve-settings.ts';
import type { AddCommand } from '../api-command.ts';
import { dataDirectory } from '../data-directory.ts';
import type { Terminal } from '../output/terminal.ts';
import { settingOption } from '../setting-option.ts';
import type { Surroundings } from '../surroundings.ts';

export const acceptLossCommand: AddCommand = (cli, at, terminal) =>
  cli.command(
    'accept-loss',
    'Let a store be served although damage has taken acknowledged changes from it; what they revoked is valid again.',
    options =>
      options
        .example('$0 accept-loss --data /var/lib/modelgate', '')
        .option(settings.data.flag, settingOption(settings.data))
        .epilogue('To be run where the data directory is, while no server runs on it. A backup may have lost less.'),
    async ({ data }) => acceptLoss(dataDirectory(data, at), at, terminal),
  );

async function acceptLoss(data: string, at: Surroundings, terminal: Terminal): Promise<void> {
  const { revision, acknowledged } = await at.acceptLoss(data);
  const lost =
    acknowledged === undefined ? `changes after revision ${revision}` : `revisions ${revision + 1} to ${acknowledged}`;
  terminal.note(
    `accepted that ${lost} of ${data} are lost: revoke anew what was revoked since (modelgate audit list shows what is left)`,
  );
}
