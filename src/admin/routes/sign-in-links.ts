import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { nothing, toInstant } from '../schemas/fields.ts';
import { signInLink } from '../schemas/sessions.ts';
import { userPath } from '../schemas/users.ts';
import { FailureThrottle, sourceOfUser } from '../sign-in/failure-throttle.ts';
import { insertSignInLink, signInUrl } from '../sign-in/sign-in-links.ts';
import { requireActiveUser } from '../site-users.ts';
import { inNameOfUser, whoMay } from '../who-may.ts';

/** Links for one user: nobody needs many, and each writes to the disk. */
const linksMade = { burst: 30, perSecond: 0.5, sourcesMax: 10_000, now: () => performance.now() };

/** The part of a path that stands before the verb; a name may hold colons. */
const userBeforeVerb = ':username(^.+)';

export function signInLinkRoutes(server: ApiServer, context: AdminContext): void {
  const throttle = new FailureThrottle(linksMade);
  server.post(
    `/users/${userBeforeVerb}::sign_in_link`,
    {
      onRequest: inNameOfUser(context),
      schema: {
        summary: 'Makes a link that signs a user in, once, within 10 minutes.',
        description:
          'Whoever opens it acts as the user; who made it is audited. Users for whom very many are made have to wait.',
        'x-who-may': whoMay.inItsName,
        params: userPath,
        body: nothing,
        response: { 201: signInLink },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      requireNoWait(throttle, username, reply);
      const madeBy = callerOf(request).username;
      const { token, expiresAt } = await change(context, request, reply, async writes => {
        await requireActiveUser(writes, username);
        return insertSignInLink(writes, { username, madeBy, now: context.now() });
      });
      throttle.failed(sourceOfUser(username));
      const url = signInUrl(context.adminUrl ?? originOf(request), token);
      return reply.code(201).send({ url, expires_at: toInstant(expiresAt) });
    },
  );
}

function requireNoWait(throttle: FailureThrottle, username: string, reply: FastifyReply): void {
  const wait = throttle.waitSeconds(sourceOfUser(username));
  if (wait > 0) {
    reply.header('retry-after', String(wait));
    throw new ApiError('throttled', `too many links for this user: try again in ${wait} s`);
  }
}

/** Where the request was sent to: a name of this server, or it would not be here. */
function originOf({ headers, raw }: FastifyRequest): string {
  // Of a proxy only the caller's address is believed, no host and no scheme.
  const scheme = 'encrypted' in raw.socket ? 'https' : 'http';
  return headers.origin ?? `${scheme}://${headers.host ?? ''}`;
}
