import type { z } from 'zod';
import type { Model, newModel } from '../../admin/schemas/models.ts';
import { apiPath } from '../api/api-path.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { text, withFormat } from '../options.ts';
import { showDone, showThing } from '../output/show.ts';

const flag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;

export const createModel: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'create <project>',
    description: 'Make a model in a project, with authentication on; shows its access key.',
    example: 'models create fraud --name "Fraud detection"',
    options: options =>
      withFormat(options)
        .positional('project', { type: 'string', demandOption: true, describe: "the project's id" })
        .option('name', text('name to show'))
        .option('id', text("the model's id, which else is made (site admins only)"))
        .option('target', text("Envoy's cluster that serves the model, its id unless told (site admins only)"))
        .option('disable-authentication', flag('the access key alone opens the model to anyone'))
        .option('auth-shadow', flag('while authentication is off: count whom it would refuse')),
    run: async ({ project, name, id, target, disableAuthentication, authShadow, output }, api) => {
      const body: z.input<typeof newModel> = {
        model_id: id,
        name,
        target,
        disable_authentication: disableAuthentication,
        auth_shadow: authShadow,
      };
      await showThing(terminal, output, await api.write<Model>('POST', apiPath`/projects/${project}/models`, body));
    },
  });

export const deleteModel: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'delete <project> <model>',
    description: 'Delete a model: its access key is unknown from then on.',
    example: 'models delete fraud fraud-v1',
    options: options =>
      withFormat(options)
        .positional('project', { type: 'string', demandOption: true, describe: "the project's id" })
        .positional('model', { type: 'string', demandOption: true, describe: "the model's id" }),
    run: async ({ project, model, output }, api) => {
      await api.write('DELETE', apiPath`/projects/${project}/models/${model}`);
      await showDone(terminal, output, `deleted model ${model} of project ${project}`);
    },
  });
