import type { Argv } from 'yargs';
import type { z } from 'zod';
import type { EnabledCount, enableAuthentication, Model, modelChanges } from '../../admin/schemas/models.ts';
import type { ApiClient } from '../api/api-client.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { text, withFormat } from '../options.ts';
import { type Format, showDone } from '../output/show.ts';
import type { Terminal } from '../output/terminal.ts';

/** One model by its place, or all of them. */
interface Chosen {
  readonly projectId?: string | undefined;
  readonly modelId?: string | undefined;
  readonly all?: boolean | undefined;
  readonly project?: string | undefined;
}

const on: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'on [project-id] [model-id]',
    description: 'From now on callers need an API key: of one model, or of --all that you may write to.',
    example: 'models auth on --all --project fraud',
    options: options =>
      withModel(options)
        .option('all', { type: 'boolean', describe: 'every model that you may write to' })
        .option('project', text('with --all: only models of this project'))
        .check(args => requireChoice(args)),
    run: async (args, api) => {
      if (args.all) {
        const body: z.input<typeof enableAuthentication> = { project_id: args.project };
        const { enabled } = await api.write<EnabledCount>('POST', '/models:enable_authentication', body);
        const words = `authentication switched on for ${enabled} ${enabled === 1 ? 'model' : 'models'}`;
        await showDone(terminal, args.output, words, { enabled });
      } else {
        await switchModel(true, args, api, terminal);
      }
    },
  });

const off: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'off [project-id] [model-id]',
    description: 'From now on the access key alone opens the model to anyone; one model at a time.',
    example: 'models auth off fraud fraud-v2',
    options: options =>
      withModel(options)
        .option('all', { type: 'boolean', hidden: true })
        .check(args => requireOneModel(args)),
    run: async (args, api) => switchModel(false, args, api, terminal),
  });

export const modelAuthCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'auth',
    description: 'Switch the authentication of models on or off.',
    example: 'models auth on fraud fraud-v2',
    members: [on, off],
  });

function withModel(cli: Argv) {
  return withFormat(cli)
    .positional('project-id', { type: 'string', describe: "the model's project" })
    .positional('model-id', { type: 'string', describe: 'the model' });
}

function requireChoice({ all, project, projectId, modelId }: Chosen): true {
  if (all && projectId !== undefined) {
    throw new UsageError('name a model or say --all, not both; --all takes --project PROJECT');
  }
  if (!all && project !== undefined) {
    throw new UsageError('--project goes with --all');
  }
  if (!all && modelId === undefined) {
    throw new UsageError('name the project and the model, or say --all');
  }
  return true;
}

function requireOneModel({ all, modelId }: Chosen): true {
  if (all) {
    throw new UsageError('authentication is switched off for one model at a time, so that none is opened unseen');
  }
  if (modelId === undefined) {
    throw new UsageError('name the project and the model');
  }
  return true;
}

async function switchModel(
  enabled: boolean,
  { projectId, modelId, output }: Chosen & { readonly output: Format },
  api: ApiClient,
  terminal: Terminal,
): Promise<void> {
  const body: z.input<typeof modelChanges> = { auth_enabled: enabled };
  const model = await api.write<Model>('PATCH', apiPath`/projects/${projectId ?? ''}/models/${modelId ?? ''}`, body);
  const words = `authentication of ${model.model_id} is ${model.auth_enabled ? 'on' : 'off'}`;
  await showDone(terminal, output, words, model);
}
