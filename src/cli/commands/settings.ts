import type { z } from 'zod';
import type { Settings, settingsChanges } from '../../admin/schemas/settings.ts';
import { type AddCommand, addApiCommand, addGroup } from '../api-command.ts';
import { requireOneOf, wholeNumber, withFormat } from '../options.ts';
import { showThing } from '../output/show.ts';

const get: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'get',
    description: 'Show the settings of the site.',
    example: 'settings get',
    options: options => withFormat(options),
    run: async ({ output }, api) => showThing(terminal, output, await api.get<Settings>('/settings')),
  });

const set: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'set',
    description: 'Change settings of the site; those that are not named stay.',
    example: 'settings set --default-api-key-expiration-days 90',
    options: options =>
      withFormat(options)
        .option(
          'default-api-key-expiration-days',
          wholeNumber('default-api-key-expiration-days', 'how long a new API key lives, unless told, and at most'),
        )
        .option(
          'stale-after-seconds',
          wholeNumber('stale-after-seconds', 'refuse calls when what is known is older; 0: never'),
        )
        .option('gateway-url', {
          type: 'string',
          requiresArg: true,
          describe: 'where a test of a key makes its call; an empty text: nowhere',
        })
        .check(requireOneOf('default-api-key-expiration-days', 'stale-after-seconds', 'gateway-url')),
    run: async ({ defaultApiKeyExpirationDays, staleAfterSeconds, gatewayUrl, output }, api) => {
      const body: z.input<typeof settingsChanges> = {
        default_api_key_expiration_days: defaultApiKeyExpirationDays,
        stale_after_seconds: staleAfterSeconds,
        gateway_url: gatewayUrl,
      };
      await showThing(terminal, output, await api.write<Settings>('PATCH', '/settings', body));
    },
  });

export const settingsCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'settings',
    description: 'Show and change the settings of the site.',
    example: 'settings get',
    members: [get, set],
  });
