import { z } from 'zod';
import { instant } from './fields.ts';
import { settings } from './settings.ts';

export const signInMethods = z
  .object({
    legacy_key: z.literal(true).describe('By the legacy key.'),
    link: z.literal(true).describe('By a sign-in link.'),
    oidc: z
      .union([z.object({ name: z.string().describe('What the provider is called, for people.') }), z.null()])
      .describe('By an OpenID provider; null: none is set up.'),
  })
  .meta({ id: 'SignInMethods' });
export type SignInMethods = z.infer<typeof signInMethods>;

/** Longer than any secret of ours. */
const secretLengthMax = 200;
export const signIn = z
  .union(
    [
      z.strictObject({ legacy_key: z.string().max(secretLengthMax).describe('The legacy key of the user.') }),
      z.strictObject({
        sign_in_token: z.string().max(secretLengthMax).describe('What stands behind `token=` in a sign-in link.'),
      }),
    ],
    { error: 'must be {legacy_key: KEY} or {sign_in_token: TOKEN}' },
  )
  .meta({ id: 'SignIn' });

export const linkPreview = z
  .strictObject({
    sign_in_token: z.string().max(secretLengthMax).describe('What stands behind `token=` in a sign-in link.'),
  })
  .meta({ id: 'LinkPreview' });
export const linkUser = z
  .object({
    username: z.string().describe('Who would be signed in.'),
    name: z.string().describe("The user's name for people."),
  })
  .meta({ id: 'LinkUser', description: 'Whom a sign-in link would sign in.' });
export type LinkUser = z.infer<typeof linkUser>;

export const session = z
  .object({
    username: z.string().describe('Who is signed in.'),
    name: z.string().describe("The user's name for people."),
    site_admin: z.boolean().describe('Whether the user may manage everything.'),
    csrf_token: z.string().describe('To be sent as `x-modelgate-csrf` with every request that is no GET.'),
    created_at: instant.describe('When the user signed in.'),
    expires_at: instant.describe('When the session ends, however much it is used.'),
    idle_expires_at: instant.describe('When it ends if nothing more is asked.'),
    sign_in_method: z.enum(['legacy_key', 'link', 'oidc']),
    expiring_keys: z
      .object({ within_7_days: z.number().int(), within_30_days: z.number().int() })
      .describe("How many of the user's API keys expire so soon, and have no successor."),
    site: settings
      .pick({ default_api_key_expiration_days: true, gateway_url: true })
      .describe('Settings that whoever makes a key or a call has to know.'),
  })
  .meta({ id: 'Session', description: 'A browser session.' });
export type Session = z.infer<typeof session>;

export const signInLink = z
  .object({
    url: z.string().describe('Signs the user in, once; it is shown this once.'),
    expires_at: instant.describe('Until when it can be used.'),
  })
  .meta({ id: 'SignInLink', description: 'A sign-in link: the one answer that shows it.' });
export type SignInLink = z.infer<typeof signInLink>;
