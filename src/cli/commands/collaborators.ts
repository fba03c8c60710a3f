import type { Argv } from 'yargs';
import type { z } from 'zod';
import type {
  Collaborator,
  newCollaborator,
  newTeamCollaborator,
  TeamCollaborator,
} from '../../admin/schemas/collaborators.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { listQuery, permissions, text, withFormat, withListOptions } from '../options.ts';
import { showDone, showList, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';

type Entry = Collaborator | TeamCollaborator;

const columns: Column<Entry>[] = [
  { title: 'KIND', of: each => ('team' in each ? 'team' : each.kind), whole: true },
  { title: 'NAME', of: each => ('team' in each ? each.team : each.username), whole: true },
  { title: 'MODE', of: each => ('team' in each ? each.mode : '-'), whole: true },
  {
    title: 'PERMISSION',
    of: each => ('team' in each && each.mode === 'inherit' ? 'as in the team' : each.permission),
    whole: true,
  },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list <project>',
    description: 'List who was added to a project: users, applications and teams. Its owner is not among them.',
    example: 'collaborators list fraud',
    options: options => withFormat(withListOptions(withProject(options), ['name', 'permission'] as const)),
    run: async ({ project, output, ...args }, api) => {
      const path = apiPath`/projects/${project}/collaborators`;
      const rows = await api.list<Entry>(path, ['collaborators', 'team_collaborators'], listQuery(args));
      await showList(terminal, output, { rows, columns, none: `${project} has no collaborators` });
    },
  });

const put: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'put <project> [name]',
    description: 'Add a user, an application or a --team to a project, or change what they may do on it.',
    example: 'collaborators put fraud alice --permission read',
    options: options =>
      withFormat(withPlace(options))
        .option('permission', {
          choices: permissions,
          requiresArg: true,
          describe: 'what they may do; read calls models',
        })
        .option('mode', {
          choices: ['inherit', 'override'] as const,
          requiresArg: true,
          describe: 'with --team: what each member holds in the team (unless told), or --permission for all',
        })
        .check(args => requireFitting(args)),
    run: async ({ project, name, team, permission, mode, output }, api) => {
      if (team !== undefined) {
        const body: z.input<typeof newTeamCollaborator> = { mode, permission };
        const path = apiPath`/projects/${project}/team_collaborators/${team}`;
        await showThing(terminal, output, await api.write<TeamCollaborator>('PUT', path, body));
      } else {
        const body = { permission } as z.input<typeof newCollaborator>;
        const path = apiPath`/projects/${project}/collaborators/${name ?? ''}`;
        await showThing(terminal, output, await api.write<Collaborator>('PUT', path, body));
      }
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <project> [name]',
    description: 'Take a user, an application or a --team out of a project.',
    example: 'collaborators delete fraud alice',
    options: options => withFormat(withPlace(options)),
    run: async ({ project, name, team, output }, api) => {
      const path =
        team === undefined
          ? apiPath`/projects/${project}/collaborators/${name ?? ''}`
          : apiPath`/projects/${project}/team_collaborators/${team}`;
      await api.write('DELETE', path);
      const who = team === undefined ? name : `team ${team}`;
      await showDone(terminal, output, `took ${who} out of project ${project}`);
    },
  });

export const collaboratorsCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'collaborators',
    description: 'List, add and remove who may work on a project or call its models.',
    example: 'collaborators list fraud',
    members: [list, put, remove],
  });

function withProject<T>(cli: Argv<T>) {
  return cli.positional('project', { type: 'string', demandOption: true, describe: "the project's id" });
}

/** A project with somebody in it: a user or application by name, or a team. */
function withPlace<T>(cli: Argv<T>) {
  return withProject(cli)
    .positional('name', { type: 'string', describe: 'a user or an application' })
    .option('team', text('a team instead'))
    .check(({ name, team }) => {
      if ((name === undefined) === (team === undefined)) {
        throw new UsageError('name a user or application, or say --team TEAM');
      }
      return true;
    });
}

function requireFitting(args: {
  readonly team?: string | undefined;
  readonly permission?: string | undefined;
  readonly mode?: string | undefined;
}): true {
  const { team, permission, mode } = args;
  if (team === undefined && mode !== undefined) {
    throw new UsageError('--mode goes with --team');
  }
  if (permission === undefined && (team === undefined || mode === 'override')) {
    throw new UsageError(`say --permission ${permissions.join('|')}`);
  }
  if (team !== undefined && permission !== undefined && mode !== 'override') {
    throw new UsageError('--permission of a team goes with --mode override');
  }
  return true;
}
