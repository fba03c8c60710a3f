import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { ApiKey, CreatedApiKey, DeletedCount, newApiKey } from '../../admin/schemas/api-keys.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { text, withFormat } from '../options.ts';
import { asTime, showList } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import { validateKey } from './validate-key.ts';

const columns: Column<ApiKey>[] = [
  { title: 'KEY ID', of: ({ key_id }) => key_id, whole: true },
  { title: 'STATE', of: stateOf, whole: true },
  { title: 'EXPIRES', of: ({ expiry_date }) => (expiry_date === null ? 'never' : asTime(expiry_date)), whole: true },
  { title: 'LAST USED', of: ({ last_used_at }) => asTime(last_used_at), whole: true },
  { title: 'FOR MODEL', of: ({ last_used_model }) => last_used_model ?? '-' },
  { title: 'AUDIENCES', of: ({ audiences }) => audiences.join(', ') },
  { title: 'ONLY MODELS', of: ({ models }) => models?.join(', ') ?? '-' },
  { title: 'COMMENT', of: ({ comments }) => comments },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List the API keys of a user, expired ones too; never a secret.',
    example: 'keys list --user alice',
    options: options => withFormat(withUser(options)),
    run: async ({ user, output }, api) => {
      const rows = await api.list<ApiKey>(apiPath`/users/${user}/v2_keys`, 'api_keys');
      await showList(terminal, output, { rows, columns, none: `${user} has no API keys` });
    },
  });

const create: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create',
    description: 'Make an API key; prints the secret, once and alone.',
    example: 'keys create --user alice --expiry 2027-01-31 --comment "nightly batch"',
    options: options =>
      withUser(options)
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
    run: async ({ user, expiry, comment, audience, model }, api) => {
      const body: z.input<typeof newApiKey> = {
        expiry_date: expiry,
        comments: comment,
        audiences: audience,
        models: model,
      };
      const { key_id, expiry_date, api_key } = await api.write<CreatedApiKey>(
        'POST',
        apiPath`/users/${user}/v2_keys`,
        body,
      );
      terminal.note(`Key ID ${key_id}, expires ${asTime(expiry_date)}; the secret is shown this once`);
      await terminal.printSecret(
        api_key,
        `the secret is lost; delete it with: modelgate keys delete ${key_id} --user ${user}`,
      );
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete [key-id]',
    description: 'Delete one API key of a user, or --all of them.',
    example: 'keys delete 8f3k2m9x7c1v5b0n --user alice',
    options: options =>
      withUser(options)
        .positional('key-id', { type: 'string', describe: 'the Key ID' })
        .option('all', { type: 'boolean', describe: 'every API key of the user' })
        .check(args => requireOneChoice(args)),
    run: async ({ user, keyId }, api) => {
      if (keyId !== undefined) {
        await api.write('DELETE', apiPath`/users/${user}/v2_keys/${keyId}`);
        await terminal.print(`deleted API key ${keyId} of ${user}\n`);
      } else {
        const { deleted } = await api.write<DeletedCount>('DELETE', apiPath`/users/${user}/v2_keys`);
        await terminal.print(`deleted ${deleted} API ${deleted === 1 ? 'key' : 'keys'} of ${user}\n`);
      }
    },
  });

export const keysCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'keys',
    description: 'Make, list, delete and validate API keys.',
    example: 'keys list --user alice',
    members: [create, list, remove, validateKey],
  });

function withUser<T>(cli: Argv<T>) {
  return cli.option('user', {
    ...text('whose keys'),
    demandOption: 'say whose keys: the server does not tell whose legacy key this is',
  });
}

function requireOneChoice({ keyId, all }: { keyId?: string | undefined; all?: boolean | undefined }): true {
  if ((keyId === undefined) === !all) {
    throw new UsageError(all ? 'name a Key ID or say --all, not both' : 'name a Key ID, or say --all');
  }
  return true;
}

/** The same of every key: whether it works, and whether it outlives what a new one may (B31). */
function stateOf({ expired, ended_at, exceeds_default_expiration }: ApiKey): string {
  if (ended_at !== null) {
    return 'ended';
  }
  return expired ? 'expired' : exceeds_default_expiration ? 'active, beyond limit' : 'active';
}
