import type { SiteDocument } from '../../admin/schemas/site.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { toJson } from '../output/show.ts';
import { siteYaml } from '../output/site-yaml.ts';

export const exportCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'export',
    description: 'Print the whole site as the document that `apply` takes; never with a secret or digest.',
    example: 'export > site.yaml',
    options: options =>
      options
        .option('output', {
          alias: 'o',
          choices: ['yaml', 'json'] as const,
          default: 'yaml' as const,
          requiresArg: true,
          describe: 'how to write it',
        })
        .option('access-keys', {
          type: 'boolean',
          default: false,
          describe: "with the models' access keys, which are confidential; this is audited",
        }),
    run: async ({ accessKeys, output }, api) => {
      const site = await api.get<SiteDocument>('/site', accessKeys ? { access_keys: 'true' } : {});
      await terminal.print(output === 'json' ? toJson(site) : siteYaml(site));
    },
  });
