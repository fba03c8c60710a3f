import { z } from 'zod';
import type { OidcIdentity } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { fieldError, notFound } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, change } from '../context.ts';
import { newOidcIdentity, oidcIdentity } from '../schemas/oidc-identities.ts';
import { userPath } from '../schemas/users.ts';
import { requireActiveUser } from '../site-users.ts';
import { identityLinker, selfOrSiteAdmin, whoMay } from '../who-may.ts';

const path = '/users/:username/oidc_identity';

/** Who a user is at the OpenID provider. */
export function oidcIdentityRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    path,
    {
      onRequest: selfOrSiteAdmin,
      schema: {
        summary: 'Shows who a user is at the OpenID provider.',
        'x-who-may': whoMay.itself,
        params: userPath,
        response: { 200: oidcIdentity },
      },
    },
    async request => {
      return existing(context.store.read, request.params.username);
    },
  );

  server.put(
    path,
    {
      onRequest: identityLinker(context),
      schema: {
        summary: 'Says who a user is at the OpenID provider, so that it can sign in there.',
        description:
          'In place of an identity that it had: then all sessions of the user end, and its sign-in links. An e-mail address links nobody. Not for another site admin.',
        'x-who-may': whoMay.siteAdmin,
        params: userPath,
        body: newOidcIdentity,
        response: { 200: oidcIdentity },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      const issuer = request.body.issuer ?? context.provider?.settings.issuer;
      if (issuer === undefined) {
        throw fieldError('issuer', 'is required, since no OpenID provider is set up');
      }
      const identity = { issuer, subject: request.body.subject };
      await change(context, request, reply, async writes => {
        await requireActiveUser(writes, username);
        await writes.putOidcIdentity(username, identity);
      });
      return identity;
    },
  );

  server.delete(
    path,
    {
      onRequest: identityLinker(context),
      schema: {
        summary: 'Lets a user no longer sign in at the OpenID provider.',
        description: 'All sessions of the user end, and its sign-in links. Not for another site admin.',
        'x-who-may': whoMay.siteAdmin,
        params: userPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      await change(context, request, reply, async writes => {
        await existing(writes, username);
        await writes.deleteOidcIdentity(username);
      });
      return reply.code(204).send(null);
    },
  );
}

async function existing(reads: Reads, username: string): Promise<OidcIdentity> {
  const found = await reads.findOidcIdentityOf(username);
  if (!found) {
    throw notFound(`identity of ${username} at an OpenID provider`);
  }
  return found;
}
