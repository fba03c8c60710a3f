import type { z } from 'zod';
import type { NewLegacyKey, newUser, User, userChanges } from '../../admin/schemas/users.ts';
import { shellWord } from '../../words/shell-word.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import {
  listQuery,
  noneOf,
  onOff,
  requireOneOf,
  text,
  toBoolean,
  useQuery,
  withFormat,
  withListOptions,
  withUseFilters,
} from '../options.ts';
import { asTime, asYesNo, showDone, showList, showSecret, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import { signInCommands, withUsername } from './sign-in.ts';

const columns: Column<User>[] = [
  { title: 'USERNAME', of: ({ username }) => username, whole: true },
  { title: 'NAME', of: ({ name }) => name },
  { title: 'EMAIL', of: ({ email }) => email },
  { title: 'KEYS', of: ({ api_key_count }) => String(api_key_count), whole: true },
  { title: 'LAST USED', of: ({ last_used_at }) => asTime(last_used_at), whole: true },
  { title: 'ACTIVE', of: ({ deactivated }) => asYesNo(!deactivated), whole: true },
  { title: 'ADMIN', of: ({ site_admin }) => asYesNo(site_admin), whole: true },
  { title: 'EXPIRED', of: ({ expired_api_key_count }) => String(expired_api_key_count), whole: true },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List all users, with the number of their API keys and the last use of any.',
    example: 'users list --last-used-before 2027-01-31 -o json',
    options: options =>
      withUseFilters(
        withFormat(withListOptions(options, ['username', 'name', 'created_at', 'last_used_at'])),
        'only users with an expired key; =false: only others',
        'only users none of whose keys was used since this date or instant',
      ),
    run: async ({ output, ...args }, api) => {
      const query = { ...listQuery(args), ...useQuery(args) };
      const rows = await api.list<User>('/users', 'users', query);
      await showList(terminal, output, { rows, columns, none: `${noneOf(query)} users` });
    },
  });

const get: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'get <username>',
    description: 'Show one user.',
    example: 'users get alice',
    options: options => withFormat(withUsername(options)),
    run: async ({ username, output }, api) =>
      showThing(terminal, output, await api.get<User>(apiPath`/users/${username}`)),
  });

const create: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create <username>',
    description: 'Make a user.',
    example: 'users create bob --name "Bob Ito" --email bob@example.com',
    options: options =>
      withFormat(withUsername(options))
        .option('name', text('name to show'))
        .option('email', text('e-mail address'))
        .option('site-admin', {
          type: 'boolean',
          default: false,
          describe: 'may manage everything, but calls no model',
        }),
    run: async ({ username, name, email, siteAdmin, output }, api) => {
      const body: z.input<typeof newUser> = { username, name, email, site_admin: siteAdmin };
      await showThing(terminal, output, await api.write<User>('POST', '/users', body));
      terminal.note(`the user's legacy key is taken with: modelgate users rotate-legacy-key ${shellWord(username)}`);
    },
  });

const update: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'update <username>',
    description: 'Change a user; deactivating one ends all its keys for good.',
    example: 'users update bob --deactivated true',
    options: options =>
      withFormat(withUsername(options))
        .option('name', text('name to show'))
        .option('email', text('e-mail address'))
        .option('site-admin', onOff('may manage everything, but calls no model'))
        .option('deactivated', onOff('may do nothing any more'))
        .check(requireOneOf('name', 'email', 'site-admin', 'deactivated')),
    run: async ({ username, name, email, siteAdmin, deactivated, output }, api) => {
      const body: z.input<typeof userChanges> = {
        name,
        email,
        site_admin: toBoolean(siteAdmin),
        deactivated: toBoolean(deactivated),
      };
      await showThing(terminal, output, await api.write<User>('PATCH', apiPath`/users/${username}`, body));
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <username>',
    description: 'Delete a user that owns no project and no application, with its keys, memberships and rights.',
    example: 'users delete bob',
    options: options => withFormat(withUsername(options)),
    run: async ({ username, output }, api) => {
      await api.write('DELETE', apiPath`/users/${username}`);
      await showDone(terminal, output, `deleted user ${username}`);
    },
  });

const rotateLegacyKey: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'rotate-legacy-key <username>',
    description: "Replace a user's legacy key; prints the new one, once.",
    example: 'users rotate-legacy-key bob > bob.key',
    options: options => withFormat(withUsername(options)),
    run: async ({ username, output }, api) => {
      const path = apiPath`/users/${username}/v1_key:rotate`;
      const rotated = await api.write<NewLegacyKey>('POST', path, {});
      terminal.note(`new legacy key of ${username}; the one before is refused from now on`);
      const ifLost = 'the new key is lost: a site admin can rotate it once more';
      await showSecret(terminal, output, { answer: rotated, secret: rotated.legacy_key, ifLost });
    },
  });

export const usersCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'users',
    description: 'List, make, change and delete users.',
    example: 'users list',
    members: [list, get, create, update, remove, rotateLegacyKey, ...signInCommands],
  });
