import type { RevokedKey } from '../../../admin/schemas/auth.ts';
import type { AddCommand } from '../../api-command.ts';
import { withFormat } from '../../options.ts';
import { showDone } from '../../output/show.ts';
import { askAsHolder, withApiKey } from './key-holder.ts';

export const revokeKey: AddCommand = (cli, at, terminal) =>
  cli.command(
    'revoke',
    'End an API key that you hold, such as one that leaked, whoever owns it. Reads it from standard input.',
    options => withFormat(withApiKey(options)).example('$0 keys revoke --api-key-file leaked.key', ''),
    async ({ output, ...args }) => {
      const { body, revision } = await askAsHolder(args, '/auth/revoke_key', {}, at, terminal);
      if (revision !== undefined) {
        terminal.note(`revision ${revision}`);
      }
      const revoked = body as RevokedKey;
      await showDone(terminal, output, `revoked API key ${revoked.key_id}`, revoked);
    },
  );
