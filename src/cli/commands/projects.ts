import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { newProject, Project, ProjectOwner, projectChanges } from '../../admin/schemas/projects.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { listQuery, noneOf, requireOneOf, text, withFormat, withListOptions } from '../options.ts';
import { asTime, showDone, showList, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';

const columns: Column<Project>[] = [
  { title: 'PROJECT', of: ({ project_id }) => project_id, whole: true },
  { title: 'NAME', of: ({ name }) => name },
  { title: 'OWNER', of: ({ owner }) => ('team' in owner ? `team ${owner.team}` : owner.username) },
  { title: 'VISIBILITY', of: ({ visibility }) => visibility, whole: true },
  { title: 'CREATED', of: ({ created_at }) => asTime(created_at), whole: true },
];
const visibilities = ['private', 'organization', 'public'] as const;

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List all projects that you may read.',
    example: 'projects list --visibility public --sort name',
    options: options =>
      withOwner(withVisibility(withFormat(withListOptions(options, ['project_id', 'name', 'created_at'])))).option(
        'collaborator',
        text('only projects that this user or application was added to, itself or by a team'),
      ),
    run: async ({ output, visibility, owner, ownerTeam, collaborator, ...args }, api) => {
      const query = { ...listQuery(args), visibility, owner, owner_team: ownerTeam, collaborator };
      const rows = await api.list<Project>('/projects', 'projects', query);
      await showList(terminal, output, { rows, columns, none: `${noneOf(query)} projects` });
    },
  });

const get: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'get <project>',
    description: 'Show one project.',
    example: 'projects get fraud',
    options: options => withFormat(withProject(options)),
    run: async ({ project, output }, api) =>
      showThing(terminal, output, await api.get<Project>(apiPath`/projects/${project}`)),
  });

const create: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create [project]',
    description: 'Make a project, yours and private unless told; without an id one is made.',
    example: 'projects create fraud --name "Fraud detection"',
    options: options =>
      withOwner(withVisibility(withFormat(options)))
        .positional('project', { type: 'string', describe: "the project's id" })
        .option('name', text('name to show')),
    run: async ({ project, name, visibility, output, ...args }, api) => {
      const body: z.input<typeof newProject> = { project_id: project, name, visibility, owner: ownerOf(args) };
      await showThing(terminal, output, await api.write<Project>('POST', '/projects', body));
    },
  });

const update: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'update <project>',
    description: 'Change a project; a new owner has every right on it, the old one none by that any more.',
    example: 'projects update fraud --owner-team risk --visibility organization',
    options: options =>
      withOwner(withVisibility(withFormat(withProject(options))))
        .option('name', text('name to show'))
        .check(requireOneOf('name', 'visibility', 'owner', 'owner-team')),
    run: async ({ project, name, visibility, output, ...args }, api) => {
      const body: z.input<typeof projectChanges> = { name, visibility, owner: ownerOf(args) };
      await showThing(terminal, output, await api.write<Project>('PATCH', apiPath`/projects/${project}`, body));
    },
  });

const remove: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <project>',
    description: 'Delete a project that has no models, or with --with-models all of it.',
    example: 'projects delete fraud',
    options: options =>
      withFormat(withProject(options)).option('with-models', {
        type: 'boolean',
        default: false,
        describe: 'delete its models too: their access keys are unknown from then on',
      }),
    run: async ({ project, withModels, output }, api) => {
      const query = withModels ? { cascade: 'true' } : {};
      await api.write('DELETE', apiPath`/projects/${project}`, undefined, query);
      await showDone(terminal, output, `deleted project ${project}`);
    },
  });

export const projectsCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'projects',
    description: 'List, make, change and delete projects.',
    example: 'projects list',
    members: [list, get, create, update, remove],
  });

function withProject<T>(cli: Argv<T>) {
  return cli.positional('project', { type: 'string', demandOption: true, describe: "the project's id" });
}

function withVisibility<T>(cli: Argv<T>) {
  return cli.option('visibility', {
    choices: visibilities,
    requiresArg: true,
    describe: 'whom it is open to: collaborators, the owning team, or everybody',
  });
}

function withOwner<T>(cli: Argv<T>) {
  return cli
    .option('owner', text('the user who owns it'))
    .option('owner-team', text('the team that owns it'))
    .check(({ owner, 'owner-team': team }) => {
      if (owner !== undefined && team !== undefined) {
        throw new UsageError('say --owner USER or --owner-team TEAM, not both');
      }
      return true;
    });
}

function ownerOf({
  owner,
  ownerTeam,
}: {
  readonly owner?: string | undefined;
  readonly ownerTeam?: string | undefined;
}): ProjectOwner | undefined {
  if (ownerTeam !== undefined) {
    return { team: ownerTeam };
  }
  return owner === undefined ? undefined : { username: owner };
}
