import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { digestOf } from '../../keys/digest.ts';
import type { SessionRecord, UserRecord } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf } from '../context.ts';
import { dayMs, expiresSoonDays } from '../expiry.ts';
import { FailureThrottle } from '../failure-throttle.ts';
import { toInstant } from '../schemas/fields.ts';
import { type Session, session, signIn, signInMethods } from '../schemas/sessions.ts';
import {
  clearSessionCookie,
  csrfTokenOf,
  idleEnd,
  insertSession,
  type NewSession,
  sessionSecretOf,
  setSessionCookie,
} from '../sessions.ts';
import { findLiveLink } from '../sign-in-links.ts';
import { whoMay } from '../who-may.ts';

/** Secrets that nobody has, by source address (T35): behind one address many people may sign in. Memory: some 2 MB at most. */
const badSecrets = { burst: 30, perSecond: 0.5, sourcesMax: 10_000, now: () => performance.now() };
/** Sign-ins of one user, who holds the credential: each writes to the disk. */
const signIns = { burst: 60, perSecond: 0.5, sourcesMax: 10_000, now: () => performance.now() };

/** Signing in: registered without the credential that all other routes need. */
export function signInRoutes(server: ApiServer, context: AdminContext): void {
  const byAddress = new FailureThrottle(badSecrets);
  const byAccount = new FailureThrottle(signIns);

  server.get(
    '/sign_in_methods',
    {
      schema: {
        summary: 'Tells in which ways people sign in here.',
        'x-who-may': whoMay.anyone,
        response: { 200: signInMethods },
      },
    },
    async () => ({ legacy_key: true as const, link: true as const, oidc: null }),
  );

  server.post(
    '/sessions',
    {
      schema: {
        summary: 'Signs a user in to a browser session.',
        description:
          'The session is in the cookie `modelgate_session`. Sources that send many unknown keys and links, and users who sign in very often, are throttled.',
        'x-who-may': whoMay.signIn,
        body: signIn,
        response: { 201: session },
      },
    },
    async (request, reply) => {
      requireNoWait(byAddress, request.ip, reply);
      const holder = await findHolder(context.store.read, request.body, context.now());
      if (!holder) {
        byAddress.failed(request.ip);
        throw refused();
      }
      requireNoWait(byAccount, holder.username, reply);
      byAccount.failed(holder.username);
      const made = await redeem(context, request, reply, holder);
      return reply.code(201).send(made);
    },
  );
}

/** What a session may ask about itself, and its end. */
export function sessionRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/sessions/current',
    { schema: { summary: 'Shows who is signed in.', 'x-who-may': whoMay.session, response: { 200: session } } },
    async request => {
      const { secret, record } = sessionOf(request);
      return shown(context, secret, record, callerOf(request));
    },
  );

  server.delete(
    '/sessions/current',
    { schema: { summary: 'Signs out.', 'x-who-may': whoMay.session, response: { 204: z.null() } } },
    async (request, reply) => {
      const { secret, record } = sessionOf(request);
      clearSessionCookie(context, request, reply);
      const author = { actor: record.username, address: request.ip };
      const { revision } = await context.store.write(author, writes => writes.deleteSession(digestOf(secret)));
      reply.header('x-modelgate-revision', String(revision));
      return reply.code(204).send(null);
    },
  );
}

type Credential = z.infer<typeof signIn>;

/** Whose credential it is; undefined: nobody's, or not any more. */
async function findHolder(reads: Reads, credential: Credential, now: number): Promise<NewSession | undefined> {
  if ('legacy_key' in credential) {
    const user = await reads.findUserByLegacyKey(digestOf(credential.legacy_key));
    return user && { username: user.username, method: 'legacy_key' };
  }
  const link = await findLiveLink(reads, credential.sign_in_token, now);
  return link && { username: link.username, method: 'link', details: { link_made_by: link.made_by } };
}

/** Makes the session of a credential that was good a moment ago; a link is used up by it, also where two come at once. */
async function redeem(
  context: AdminContext,
  request: FastifyRequest<{ Body: Credential }>,
  reply: FastifyReply,
  { username }: NewSession,
): Promise<Session> {
  const { store, now } = context;
  const credential = request.body;
  const { result, revision } = await store.write({ actor: username, address: request.ip }, async writes => {
    const holder = await findHolder(writes, credential, now());
    const user = holder && (await writes.findUser(holder.username));
    if (!user) {
      throw refused();
    }
    if ('sign_in_token' in credential) {
      await writes.takeSignInLink(digestOf(credential.sign_in_token));
    }
    return { user, ...(await insertSession(context, request, writes, holder)) };
  });
  reply.header('x-modelgate-revision', String(revision));
  setSessionCookie(context, request, reply, result.secret);
  return shown(context, result.secret, result.session, result.user);
}

/** The same for every fault, so that nobody learns which links there were. */
function refused(): ApiError {
  return new ApiError(
    'unauthenticated',
    'nobody is signed in by this: the legacy key is unknown, or the sign-in link was used, is more than 10 minutes old or was never made; ask a site admin for a new link',
  );
}

function requireNoWait(throttle: FailureThrottle, source: string, reply: FastifyReply): void {
  const wait = throttle.waitSeconds(source);
  if (wait > 0) {
    reply.header('retry-after', String(wait));
    throw new ApiError('throttled', `too many sign-ins: try again in ${wait} s`);
  }
}

/** Of a request that came by a session; one by a legacy key has none. */
function sessionOf(request: FastifyRequest): { readonly secret: string; readonly record: SessionRecord } {
  const secret = sessionSecretOf(request);
  if (!request.session || secret === undefined) {
    throw new ApiError('unauthenticated', 'there is no session: this asks about the one whose cookie comes along');
  }
  return { secret, record: request.session };
}

async function shown(
  { store, now, sessions }: AdminContext,
  secret: string,
  record: SessionRecord,
  { username, name, site_admin }: UserRecord,
): Promise<Session> {
  const at = now();
  const [week, month] = expiresSoonDays;
  const { default_api_key_expiration_days, gateway_url } = await store.read.readSettings();
  const within = (days: number) => store.read.countApiKeysExpiring(at, at + days * dayMs, username);
  return {
    username,
    name,
    site_admin,
    csrf_token: csrfTokenOf(secret),
    created_at: toInstant(record.created_at),
    expires_at: toInstant(record.expires_at),
    idle_expires_at: toInstant(idleEnd({ ...record, last_used_at: at }, sessions)),
    sign_in_method: record.sign_in_method,
    expiring_keys: { within_7_days: await within(week), within_30_days: await within(month) },
    site: { default_api_key_expiration_days, gateway_url },
  };
}
