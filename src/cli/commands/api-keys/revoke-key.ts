import type { RevokedKey } from '../../../admin/schemas/auth.ts';
import type { AddCommand } from '../../api-command.ts';
import { askAsHolder, withApiKey } from './key-holder.ts';

export const revokeKey: AddCommand = (cli, at, terminal) =>
  cli.command(
    'revoke',
    'End an API key that you hold, such as one that leaked, whoever owns it. Reads it from standard input.',
    options => withApiKey(options).example('$0 keys revoke --api-key-file leaked.key', ''),
    async args => {
      const { body, revision } = await askAsHolder(args, '/auth/revoke_key', {}, at, terminal);
      if (revision !== undefined) {
        terminal.note(`revision ${revision}`);
      }
      await terminal.print(`revoked API key ${(body as RevokedKey).key_id}\n`);
    },
  );
