import type { z } from 'zod';
import type { RotatedApiKey, rotateApiKey } from '../../../admin/schemas/api-keys.ts';
import { apiPath } from '../../api/api-path.ts';
import { type AddCommand, addApiCommand } from '../../api-command.ts';
import { text, wholeNumber, withFormat } from '../../options.ts';
import { asTime, showSecret } from '../../output/show.ts';
import { keyOwnerOf, withKeyOwner } from './key-owner.ts';

export const rotateKey: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'rotate <key-id>',
    description: 'Make a successor of an API key, beside which the old one goes on for a while; prints its secret.',
    example: 'keys rotate 8f3k2m9x7c1v5b0n --user alice --overlap-seconds 3600',
    options: options =>
      withFormat(withKeyOwner(options))
        .positional('key-id', { type: 'string', demandOption: true, describe: 'the Key ID' })
        .option(
          'overlap-seconds',
          wholeNumber('overlap-seconds', 'how long the old key goes on; a day unless told, 30 days at most'),
        )
        .option('expiry', text("the successor's: RFC 3339, or YYYY-MM-DD; else the default of the site")),
    run: async ({ keyId, overlapSeconds, expiry, output, ...args }, api) => {
      const { keysPath, flag } = keyOwnerOf(args);
      const body: z.input<typeof rotateApiKey> = { overlap_seconds: overlapSeconds, expiry_date: expiry };
      const path = `${keysPath}${apiPath`/${keyId}:rotate`}`;
      const rotated = await api.write<RotatedApiKey>('POST', path, body);
      const { key_id, expiry_date, previous_works_until } = rotated;
      const old = overlapSeconds === 0 ? 'which is ended' : `which works until ${asTime(previous_works_until)}`;
      terminal.note(`Key ID ${key_id}, expires ${asTime(expiry_date)}, replaces ${keyId}, ${old}`);
      const ifLost = `the secret is lost; delete it with: modelgate keys delete ${key_id} ${flag}`;
      await showSecret(terminal, output, { answer: rotated, secret: rotated.api_key, ifLost });
    },
  });
