import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { Application, applicationChanges, newApplication } from '../../admin/schemas/applications.ts';
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
  yesOrNo,
} from '../options.ts';
import { asTime, asYesNo, showDone, showList, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';

const columns: Column<Application>[] = [
  { title: 'NAME', of: ({ name }) => name, whole: true },
  { title: 'OWNER', of: ({ owner }) => owner, whole: true },
  { title: 'OWNER ACTIVE', of: ({ owner_deactivated }) => asYesNo(!owner_deactivated), whole: true },
  { title: 'ACTIVE', of: ({ deactivated }) => asYesNo(!deactivated), whole: true },
  { title: 'API KEYS', of: ({ api_key_count }) => String(api_key_count), whole: true },
  { title: 'EXPIRED', of: ({ expired_api_key_count }) => String(expired_api_key_count), whole: true },
  { title: 'LAST USED', of: ({ last_used_at }) => asTime(last_used_at), whole: true },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List your applications; as a site admin, all of them.',
    example: 'applications list --owner alice --sort last_used_at',
    options: options =>
      withUseFilters(
        withFormat(withListOptions(options, ['name', 'owner', 'created_at', 'last_used_at']))
          .option('owner', text('only applications of this user'))
          .option('owner-deactivated', {
            type: 'boolean',
            describe: 'only those whose owner is deactivated; =false: others',
          }),
        'only those with an expired key; =false: only others',
        'only those not used since this date or instant',
      ),
    run: async ({ output, owner, ownerDeactivated, ...args }, api) => {
      const query = { ...listQuery(args), owner, owner_deactivated: yesOrNo(ownerDeactivated), ...useQuery(args) };
      const rows = await api.list<Application>('/applications', 'applications', query);
      await showList(terminal, output, { rows, columns, none: `${noneOf(query)} applications` });
    },
  });

const get: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'get <name>',
    description: 'Show one application.',
    example: 'applications get nightly-batch',
    options: options => withFormat(withName(options)),
    run: async ({ name, output }, api) =>
      showThing(terminal, output, await api.get<Application>(apiPath`/applications/${name}`)),
  });

const create: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create <name>',
    description: 'Make an application: a principal with API keys and no login.',
    example: 'applications create nightly-batch',
    options: options =>
      withFormat(withName(options)).option('owner', text('who manages it, you unless told (site admins only)')),
    run: async ({ name, owner, output }, api) => {
      const body: z.input<typeof newApplication> = { name, owner };
      await showThing(terminal, output, await api.write<Application>('POST', '/applications', body));
      terminal.note(`it gets API keys with: modelgate keys create --application ${shellWord(name)}`);
    },
  });

const update: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'update <name>',
    description: 'Change an application; deactivating one ends all its keys for good.',
    example: 'applications update nightly-batch --deactivated true',
    options: options =>
      withFormat(withName(options))
        .option('owner', text('who manages it from now on (site admins only)'))
        .option('deactivated', onOff('may do nothing any more'))
        .check(requireOneOf('owner', 'deactivated')),
    run: async ({ name, owner, deactivated, output }, api) => {
      const body: z.input<typeof applicationChanges> = { owner, deactivated: toBoolean(deactivated) };
      await showThing(terminal, output, await api.write<Application>('PATCH', apiPath`/applications/${name}`, body));
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <name>',
    description: 'Delete an application with its API keys and its rights on projects.',
    example: 'applications delete nightly-batch',
    options: options => withFormat(withName(options)),
    run: async ({ name, output }, api) => {
      await api.write('DELETE', apiPath`/applications/${name}`);
      await showDone(terminal, output, `deleted application ${name}`);
    },
  });

export const applicationsCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'applications',
    description: 'List, make, change and delete applications.',
    example: 'applications list',
    members: [list, get, create, update, remove],
  });

function withName<T>(cli: Argv<T>) {
  return cli.positional('name', { type: 'string', demandOption: true, describe: 'the application' });
}
