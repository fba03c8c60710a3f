import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { newTeam, newTeamMember, Team, TeamMember } from '../../admin/schemas/teams.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { listQuery, noneOf, permissions, text, withFormat, withListOptions } from '../options.ts';
import { asTime, showDone, showList, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';

const columns: Column<Team>[] = [
  { title: 'TEAM', of: ({ team }) => team, whole: true },
  { title: 'CREATED', of: ({ created_at }) => asTime(created_at), whole: true },
];
const memberColumns: Column<TeamMember>[] = [
  { title: 'USERNAME', of: ({ username }) => username, whole: true },
  { title: 'PERMISSION', of: ({ permission }) => permission, whole: true },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List the teams that you are in; as a site admin, all of them.',
    example: 'teams list --search risk',
    options: options =>
      withFormat(withListOptions(options, ['team', 'created_at'])).option('member', text('only teams of this member')),
    run: async ({ output, member, ...args }, api) => {
      const query = { ...listQuery(args), member };
      const rows = await api.list<Team>('/teams', 'teams', query);
      await showList(terminal, output, { rows, columns, none: `${noneOf(query)} teams` });
    },
  });

const get: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'get <team>',
    description: 'Show the members of a team, and what each holds in it.',
    example: 'teams get risk',
    options: options =>
      withFormat(withTeam(options)).option('search', text('only members with this text in their name')),
    run: async ({ team, search, output }, api) => {
      const rows = await api.list<TeamMember>(apiPath`/teams/${team}`, 'members', { search_filter: search });
      await showList(terminal, output, { rows, columns: memberColumns, none: `team ${team} has no such members` });
    },
  });

const create: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create <team>',
    description: 'Make a team; you are its first admin, but as a site admin only if you say so.',
    example: 'teams create risk --admin alice',
    options: options =>
      withFormat(withTeam(options)).option('admin', text('its first admin (others: site admins only)')),
    run: async ({ team, admin, output }, api) => {
      const body: z.input<typeof newTeam> = { team, admin };
      await showThing(terminal, output, await api.write<Team>('POST', '/teams', body));
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <team>',
    description: 'Delete a team that owns no project; what its members had by it, they have no more.',
    example: 'teams delete risk',
    options: options => withFormat(withTeam(options)),
    run: async ({ team, output }, api) => {
      await api.write('DELETE', apiPath`/teams/${team}`);
      await showDone(terminal, output, `deleted team ${team}`);
    },
  });

const putMember: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'put <team> <username>',
    description: 'Add a user to a team, or change what the user holds in it.',
    example: 'teams members put risk bob --permission read',
    options: options =>
      withFormat(withMember(options)).option('permission', {
        choices: permissions,
        requiresArg: true,
        demandOption: 'say --permission: what the user holds in the team',
        describe: 'what the user holds in the team; admin manages the team',
      }),
    run: async ({ team, username, permission, output }, api) => {
      const body: z.input<typeof newTeamMember> = { permission };
      const path = apiPath`/teams/${team}/members/${username}`;
      await showThing(terminal, output, await api.write<TeamMember>('PUT', path, body));
    },
  });

const removeMember: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <team> <username>',
    description: 'Take a user out of a team.',
    example: 'teams members delete risk bob',
    options: options => withFormat(withMember(options)),
    run: async ({ team, username, output }, api) => {
      await api.write('DELETE', apiPath`/teams/${team}/members/${username}`);
      await showDone(terminal, output, `took ${username} out of team ${team}`);
    },
  });

const members: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'members',
    description: 'Add and remove members of a team.',
    example: 'teams members put risk bob --permission read',
    members: [putMember, removeMember],
  });

export const teamsCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'teams',
    description: 'List, make and delete teams, and manage their members.',
    example: 'teams list',
    members: [list, get, create, remove, members],
  });

function withTeam<T>(cli: Argv<T>) {
  return cli.positional('team', { type: 'string', demandOption: true, describe: 'the team' });
}

function withMember<T>(cli: Argv<T>) {
  return withTeam(cli).positional('username', { type: 'string', demandOption: true, describe: 'the user' });
}
