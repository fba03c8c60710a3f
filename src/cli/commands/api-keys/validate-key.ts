import type { z } from 'zod';
import type { keyValidity, validateKey as validateKeyRequest } from '../../../admin/schemas/auth.ts';
import type { AddCommand } from '../../api-command.ts';
import { Refusal } from '../../cli-error.ts';
import { withFormat } from '../../options.ts';
import { showDone } from '../../output/show.ts';
import { askAsHolder, withApiKey } from './key-holder.ts';

export const validateKey: AddCommand = (cli, at, terminal) =>
  cli.command(
    'validate',
    'Tell whether an API key is valid, and whose it is; exits with 1 when it is not. Reads it from standard input.',
    options =>
      withFormat(withApiKey(options))
        .example('$0 keys validate --api-key-file api.key', '')
        .option('audience', {
          choices: ['API', 'Application'] as const,
          requiresArg: true,
          describe: 'what the key is to open, API unless told',
        }),
    async ({ audience, output, ...args }) => {
      const body: z.input<typeof validateKeyRequest> = { audience };
      const answer = await askAsHolder(args, '/auth/validate_key', body, at, terminal);
      const validity = answer.body as z.infer<typeof keyValidity>;
      const { valid, username, message } = validity;
      if (!valid) {
        throw new Refusal(`not valid: ${message}`);
      }
      await showDone(terminal, output, `valid: ${username}`, validity);
    },
  );
