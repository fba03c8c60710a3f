import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';
import { noKey } from './fields.ts';

const gatewayUrl = z
  .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https address, or empty' })
  .refine(...ofUrl(({ username, password }) => username + password === '', 'must hold no user name or password'))
  .refine(...ofUrl(({ search, hash }) => search + hash === '', 'must hold no query and no fragment'))
  .refine(
    ...ofUrl(({ hostname }) => !isLinkLocal(hostname), 'must be no link-local address: clouds keep secrets there'),
  )
  .refine(...noKey);

/** Judged as whoever calls it would read it: the scheme may be in any case, for one. What is no URL has its fault already. */
function ofUrl(isRight: (url: URL) => boolean, fault: string): [(text: string) => boolean, string] {
  return [text => !URL.canParse(text) || isRight(new URL(text)), fault];
}

/** Addresses at which machines of a cloud are told their credentials. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');

function isLinkLocal(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && linkLocal.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
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
    gateway_url: gatewayUrl.describe(
      'The gateway that calls of models go through: tests of models are made there, at its path `/model`; empty: none, so tests only decide.',
    ),
  })
  .meta({ id: 'Settings', description: 'What holds for the whole site.' });
export type Settings = z.infer<typeof settings>;
export const settingsChanges = settings
  .partial()
  .strict()
  .meta({ id: 'SettingsChanges', description: 'What is to change; a field that is absent stays as it is.' });
