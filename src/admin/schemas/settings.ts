import { z } from 'zod';
import { noKey } from './fields.ts';

const gatewayUrl = z
  .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https address, or empty' })
  .refine(text => !(URL.canParse(text) && holdsCredentials(text)), 'must hold no user name or password')
  .refine(...noKey);

/** As whoever calls it would read it: the scheme may be in any case, for one. */
function holdsCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

export const settings = z
  .object({
    default_api_key_expiration_days: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .describe(
        'In how many days an API key expires that is made without an expiry: also the longest that a new key may live.',
      ),
    stale_after_seconds: z
      .number()
      .int()
      .min(0)
      .max(31_536_000)
      .describe(
        'Longest time since the snapshot was last confirmed, in seconds, for which checks are answered from it; 0: no limit.',
      ),
    gateway_url: gatewayUrl.describe('The gateway that calls of models go through; empty: none is named.'),
  })
  .meta({ id: 'Settings', description: 'What holds for the whole site.' });
export type Settings = z.infer<typeof settings>;
export const settingsChanges = settings
  .partial()
  .strict()
  .meta({ id: 'SettingsChanges', description: 'What is to change; a field that is absent stays as it is.' });
