import { z } from 'zod';

const gatewayUrl = z
  .union([z.literal(''), z.url({ protocol: /^https?$/ })], { error: 'must be an http or https address, or empty' })
  .refine(text => !(URL.canParse(text) && holdsCredentials(text)), 'must hold no user name or password');

/** As whoever calls it would read it: the scheme may be in any case, for one. */
function holdsCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

export const settings = z.object({
  /** "Default API keys expiration in days": also the longest that a new key may live (B29). */
  default_api_key_expiration_days: z.number().int().min(1).max(3650),
  /** Oldest confirmation of the snapshot that still answers checks; 0: no limit (B22). */
  stale_after_seconds: z.number().int().min(0).max(31_536_000),
  /** Where `:test` makes its call; empty: nowhere. */
  gateway_url: gatewayUrl,
});
export type Settings = z.infer<typeof settings>;
export const settingsChanges = settings.partial().strict();
