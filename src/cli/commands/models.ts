import type { z } from 'zod';
import type { Model, modelChanges, NewAccessKey } from '../../admin/schemas/models.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { listQuery, noneOf, onOff, requireOneOf, text, toBoolean, withFormat, withListOptions } from '../options.ts';
import { showList, showSecret, showThing } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import { modelAuthCommands } from './model-auth.ts';
import { createModel, deleteModel } from './model-lifecycle.ts';
import { shadow } from './model-shadow.ts';
import { testModel } from './test-model.ts';
import { withModel } from './with-model.ts';

/** Without access keys, which are confidential: `get` shows one model's. */
const columns: Column<Model>[] = [
  { title: 'PROJECT', of: ({ project_id }) => project_id, whole: true },
  { title: 'MODEL', of: ({ model_id }) => model_id, whole: true },
  { title: 'AUTH', of: authentication, whole: true },
  { title: 'STATE', of: ({ state }) => state, whole: true },
  { title: 'NAME', of: ({ name }) => name },
  { title: 'TARGET', of: ({ target }) => target },
];

const list: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'list',
    description: 'List all models that you may read.',
    example: 'models list --project fraud',
    options: options =>
      withFormat(withListOptions(options, ['model_id', 'name', 'project_id', 'created_at']))
        .option('project', text('only models of this project'))
        .option('auth', {
          choices: ['on', 'off'] as const,
          requiresArg: true,
          describe: 'only those with it on or off',
        })
        .option('state', { choices: ['running', 'stopped'] as const, requiresArg: true, describe: 'only these' }),
    run: async ({ project, auth, state, output, ...args }, api) => {
      const path = project === undefined ? '/models' : apiPath`/projects/${project}/models`;
      const query = { ...listQuery(args), auth_enabled: auth && String(auth === 'on'), state };
      const rows = await api.list<Model>(path, 'models', query);
      await showList(terminal, output, { rows, columns, none: `${noneOf(query)} models` });
    },
  });

const get: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'get <project> <model>',
    description: 'Show one model; with its access key for those who may write to the project.',
    example: 'models get fraud fraud-v2',
    options: options => withFormat(withModel(options)),
    run: async ({ project, model, output }, api) =>
      showThing(terminal, output, await api.get<Model>(pathOf(project, model))),
  });

const update: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'update <project> <model>',
    description: 'Change a model; its authentication is changed by `models auth`.',
    example: 'models update fraud fraud-v2 --state stopped',
    options: options =>
      withFormat(withModel(options))
        .option('name', text('name to show'))
        .option('target', text("Envoy's cluster that serves the model (site admins only)"))
        .option('auth-shadow', onOff('while authentication is off: count whom it would refuse'))
        .option('state', {
          choices: ['running', 'stopped'] as const,
          requiresArg: true,
          describe: 'a stopped model answers no call',
        })
        .check(requireOneOf('name', 'target', 'auth-shadow', 'state')),
    run: async ({ project, model, name, target, authShadow, state, output }, api) => {
      const body: z.input<typeof modelChanges> = { name, target, auth_shadow: toBoolean(authShadow), state };
      await showThing(terminal, output, await api.write<Model>('PATCH', pathOf(project, model), body));
    },
  });

const regenerateKey: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'regenerate-key <project> <model>',
    description: "Replace a model's access key; prints the new one.",
    example: 'models regenerate-key fraud fraud-v2',
    options: options => withFormat(withModel(options)),
    run: async ({ project, model, output }, api) => {
      const path = `${pathOf(project, model)}:regenerate_access_key`;
      const answer = await api.write<NewAccessKey>('POST', path, {});
      terminal.note(`new access key of ${model}; the one before is unknown from now on`);
      const ifLost = `see it with: modelgate models get ${project} ${model}`;
      await showSecret(terminal, output, { answer, secret: answer.access_key, ifLost });
    },
  });

export const modelsCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'models',
    description: 'List, make, change and delete models, their access keys and their authentication.',
    example: 'models list',
    members: [list, get, createModel, update, deleteModel, regenerateKey, modelAuthCommands, shadow, testModel],
  });

function pathOf(project: string, model: string): string {
  return apiPath`/projects/${project}/models/${model}`;
}

function authentication({ auth_enabled, auth_shadow }: Model): string {
  return auth_enabled ? 'on' : auth_shadow ? 'off, shadow' : 'off';
}
