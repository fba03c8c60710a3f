import { z } from 'zod';
import { isLinkLocal } from '../gateway/link-local.ts';
import { noKey } from './fields.ts';

const gatewayUrl = z
  .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https address, or empty' })
  .refine(...ofUrl(({ username, password }) => username + password === '', 'must hold no user name or password'))
  .refine(...ofUrl(({ search, hash }) => search + hash === '', 'must hold no query and no fragment'))
  .refine(
    ...ofUrl(({ hostname }) => !isLinkLocal(hostname), 'must be no link-local address: clouds keep secrets there'),
  )
  .refine(
    ...ofUrl(
      ({ hostname, pathname }) => plainHost.test(hostname) && plainPath.test(pathname),
      'must have nothing in its host and path but letters, digits, ".", "_", "~", "/" and "-": it stands in calls that people copy',
    ),
  )
  .refine(...noKey)
  .overwrite(text => (URL.canParse(text) ? normalOf(new URL(text)) : text));

/** What no shell and no language reads as more than text. */
const plainHost = /^([A-Za-z0-9._-]+|\[[0-9a-f:.]+\])$/;
const plainPath = /^[A-Za-z0-9._~/-]*$/;

/** As it is called: without what the URL leaves out, and with no slash at its end, since a path is put behind it. */
function normalOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

/** Judged as whoever calls it would read it: the scheme may be in any case, for one. What is no URL has its fault already. */
function ofUrl(isRight: (url: URL) => boolean, fault: string): [(text: string) => boolean, string] {
  return [text => !URL.canParse(text) || isRight(new URL(text)), fault];
}

const gatewayUrlText =
  'The gateway that calls of models go through: tests of models are made there, at its path `/model`; empty: none, so tests only decide.';

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
    gateway_url: z.string().describe(gatewayUrlText),
  })
  .meta({ id: 'Settings', description: 'What holds for the whole site.' });
export type Settings = z.infer<typeof settings>;
// One that was set under older rules is still shown.
export const settingsChanges = settings
  .extend({ gateway_url: gatewayUrl.describe(gatewayUrlText) })
  .partial()
  .strict()
  .meta({ id: 'SettingsChanges', description: 'What is to change; a field that is absent stays as it is.' });
