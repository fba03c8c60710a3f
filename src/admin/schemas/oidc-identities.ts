import { z } from 'zod';
import { plainText } from './fields.ts';

/** OpenID Connect Core, 2: a subject has at most 255 characters. */
const subject = plainText(255).min(1).describe('`sub` of the user there.');
const issuer = plainText(255).min(1);

export const oidcIdentity = z
  .object({
    issuer: z.string().describe('The provider.'),
    subject: z.string().describe('`sub` of the user there.'),
  })
  .meta({ id: 'OidcIdentity', description: 'Who a user is at an OpenID provider.' });
export type OidcIdentity = z.infer<typeof oidcIdentity>;
export const newOidcIdentity = z
  .strictObject({
    issuer: issuer.optional().describe('The provider; absent: the one that is set up.'),
    subject,
  })
  .meta({ id: 'NewOidcIdentity' });
