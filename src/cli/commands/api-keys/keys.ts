import type { z } from 'zod';
import type { CreatedApiKey, DeletedCount, newApiKey } from '../../../admin/schemas/api-keys.ts';
import { apiPath } from '../../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../../api-command.ts';
import { UsageError } from '../../cli-error.ts';
import { text, withFormat } from '../../options.ts';
import { asTime, showDone, showSecret } from '../../output/show.ts';
import { keyOwnerOf, withKeyOwner } from './key-owner.ts';
import { listKeys } from './list-keys.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';
import { validateKey } from './validate-key.ts';

const create: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create',
    description: 'Make an API key; prints the secret, once and alone.',
    example: 'keys create --user alice --expiry 2027-01-31 --comment "nightly batch"',
    options: options =>
      withFormat(withKeyOwner(options))
        .option('expiry', text('RFC 3339, or YYYY-MM-DD for the end of that day in UTC; else the default of the site'))
        .option('comment', text('what the key is for'))
        .option('audience', {
          type: 'array',
          choices: ['API', 'Application'] as const,
          requiresArg: true,
          describe: 'what the key opens, API unless told; may be repeated',
        })
        .option('model', {
          type: 'array',
          string: true,
          requiresArg: true,
          describe: 'narrow the key to this model; may be repeated',
        }),
    run: async ({ expiry, comment, audience, model, output, ...args }, api) => {
      const { keysPath, flag } = keyOwnerOf(args);
      const body: z.input<typeof newApiKey> = {
        expiry_date: expiry,
        comments: comment,
        audiences: audience,
        models: model,
      };
      const answer = await api.write<CreatedApiKey>('POST', keysPath, body);
      const { key_id, expiry_date, api_key } = answer;
      terminal.note(`Key ID ${key_id}, expires ${asTime(expiry_date)}; the secret is shown this once`);
      const ifLost = `the secret is lost; delete it with: modelgate keys delete ${key_id} ${flag}`;
      await showSecret(terminal, output, { answer, secret: api_key, ifLost });
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete [key-id]',
    description: 'Delete one API key of a user or application, or --all of them.',
    example: 'keys delete 8f3k2m9x7c1v5b0n --user alice',
    options: options =>
      withFormat(withKeyOwner(options))
        .positional('key-id', { type: 'string', describe: 'the Key ID' })
        .option('all', { type: 'boolean', describe: 'every API key that there is' })
        .check(args => requireOneChoice(args)),
    run: async ({ keyId, output, ...args }, api) => {
      const { name, keysPath } = keyOwnerOf(args);
      if (keyId !== undefined) {
        await api.write('DELETE', `${keysPath}${apiPath`/${keyId}`}`);
        await showDone(terminal, output, `deleted API key ${keyId} of ${name}`);
      } else {
        const { deleted } = await api.write<DeletedCount>('DELETE', keysPath);
        const words = `deleted ${deleted} API ${deleted === 1 ? 'key' : 'keys'} of ${name}`;
        await showDone(terminal, output, words, { deleted });
      }
    },
  });

export const keysCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'keys',
    description: 'Make, list, rotate, delete, validate and revoke API keys.',
    example: 'keys list --user alice',
    members: [create, listKeys, rotateKey, remove, validateKey, revokeKey],
  });

function requireOneChoice({ keyId, all }: { keyId?: string | undefined; all?: boolean | undefined }): true {
  if ((keyId === undefined) === !all) {
    throw new UsageError(all ? 'name a Key ID or say --all, not both' : 'name a Key ID, or say --all');
  }
  return true;
}
