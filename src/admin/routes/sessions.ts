import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { digestOf } from '../../keys/digest.ts';
import type { SessionRecord, UserRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { dayMs, expiresSoonDays } from '../api-keys/expiry.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf } from '../context.ts';
import { callerAddress } from '../requests/caller-address.ts';
import { toInstant } from '../schemas/fields.ts';
import { linkPreview, linkUser, type Session, session, signIn, signInMethods } from '../schemas/sessions.ts';
import { clearSessionCookie, csrfTokenOf, idleEnd, sessionSecretOf } from '../sign-in/sessions.ts';
import { type Holder, signInTo } from '../sign-in/sign-in.ts';
import { findLiveLink } from '../sign-in/sign-in-links.ts';
import type { SignInThrottle } from '../sign-in/sign-in-throttle.ts';
import { whoMay } from '../who-may.ts';

/** Signing in: registered without the credential that all other routes need. */
export function signInRoutes(server: ApiServer, context: AdminContext, throttle: SignInThrottle): void {
  server.get(
    '/sign_in_methods',
    {
      schema: {
        summary: 'Tells in which ways people sign in here.',
        'x-who-may': whoMay.anyone,
        response: { 200: signInMethods },
      },
    },
    async () => {
      const { provider } = context;
      return {
        legacy_key: true as const,
        link: true as const,
        oidc: provider ? { name: provider.settings.name } : null,
      };
    },
  );

  server.post(
    '/sessions',
    {
      schema: {
        summary: 'Signs a user in to a browser session.',
        description:
          'The session is in the cookie `modelgate_session`, over TLS `__Host-modelgate_session`. Sources that send many unknown keys and links are throttled, with those alone, and users who sign in very often.',
        'x-who-may': whoMay.signIn,
        body: signIn,
        response: { 201: session },
      },
    },
    async (request, reply) => {
      const credential = request.body;
      const holder = await holderFor(context, request, credential);
      if (!holder) {
        throw refuseGuess(throttle, request, reply);
      }
      const { username } = holder.user;
      requireNoWait(throttle.waitOfAccount(username), reply);
      const redeem = (writes: Writes) => redeemOnce(writes, credential, context.now());
      const made = await signInTo(context, request, reply, { actor: username, redeem });
      reply.header('x-modelgate-revision', String(made.revision));
      return reply.code(201).send(await shown(context, made.secret, made.session, made.user));
    },
  );
}

/** Whom a link signs in, told before it is used: whoever follows one that somebody sent must know whose name it is (T27). */
export function linkPreviewRoute(server: ApiServer, context: AdminContext, throttle: SignInThrottle): void {
  server.post(
    '/sessions::preview',
    {
      schema: {
        summary: 'Tells whom a sign-in link would sign in, and does not use it.',
        description: 'Throttled as signing in is. Nothing is changed; the link can be used after it, once.',
        'x-who-may': whoMay.linkHolder,
        body: linkPreview,
        response: { 200: linkUser },
      },
    },
    async (request, reply) => {
      const holder = await holderFor(context, request, request.body);
      if (!holder) {
        throw refuseGuess(throttle, request, reply);
      }
      const { username, name } = holder.user;
      return { username, name };
    },
  );
}

/** What a session may ask about itself, and its end. */
export function sessionRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/sessions/current',
    { schema: { summary: 'Shows who is signed in.', 'x-who-may': whoMay.session, response: { 200: session } } },
    async request => {
      const { secret, record } = sessionOf(context, request);
      return shown(context, secret, record, callerOf(request));
    },
  );

  server.delete(
    '/sessions/current',
    { schema: { summary: 'Signs out.', 'x-who-may': whoMay.session, response: { 204: z.null() } } },
    async (request, reply) => {
      const { secret, record } = sessionOf(context, request);
      clearSessionCookie(context, request, reply);
      const author = { actor: record.username, address: callerAddress(request) };
      const signOut = (writes: Writes) => writes.deleteSession(digestOf(secret));
      const { revision } = await context.store.write(author, signOut, 'revocation');
      reply.header('x-modelgate-revision', String(revision));
      return reply.code(204).send(null);
    },
  );
}

type Credential = z.infer<typeof signIn>;

/** Looked up in the address's turn: guesses must keep nobody's revocation waiting (T55). */
async function holderFor({ store, now, lookups }: AdminContext, request: FastifyRequest, credential: Credential) {
  return lookups.ofStranger(callerAddress(request), () => findHolder(store.read, credential, now()));
}

/** Whose credential it is; undefined: nobody's, or not any more. */
async function findHolder(reads: Reads, credential: Credential, now: number): Promise<Holder | undefined> {
  if ('legacy_key' in credential) {
    const user = await reads.findUserByLegacyKey(digestOf(credential.legacy_key));
    return user && { user, method: 'legacy_key' };
  }
  const link = await findLiveLink(reads, credential.sign_in_token, now);
  const user = link && (await reads.findUser(link.username));
  return user && { user, method: 'link', details: { link_made_by: link.made_by } };
}

/** The same of a credential that was good a moment ago; a link is used up by it, also where two come at once. */
async function redeemOnce(writes: Writes, credential: Credential, now: number): Promise<Holder> {
  const holder = await findHolder(writes, credential, now);
  if (!holder) {
    throw refused();
  }
  if ('sign_in_token' in credential) {
    await writes.takeSignInLink(digestOf(credential.sign_in_token));
  }
  return holder;
}

/** Only who fails waits: others' failures behind the same address never refuse a credential that is right (T54). */
function refuseGuess(throttle: SignInThrottle, request: FastifyRequest, reply: FastifyReply): ApiError {
  requireNoWait(throttle.waitOfAddress(callerAddress(request)), reply);
  throttle.failed(callerAddress(request));
  return refused();
}

/** The same for every fault, so that nobody learns which links there were. */
function refused(): ApiError {
  return new ApiError(
    'unauthenticated',
    'nobody is signed in by this: the legacy key is unknown, or the sign-in link was used, is more than 10 minutes old or was never made; ask a site admin for a new link',
  );
}

function requireNoWait(seconds: number, reply: FastifyReply): void {
  if (seconds > 0) {
    reply.header('retry-after', String(seconds));
    throw new ApiError('throttled', `too many sign-ins: try again in ${seconds} s`);
  }
}

/** Of a request that came by a session; one by a legacy key has none. */
function sessionOf(
  context: AdminContext,
  request: FastifyRequest,
): { readonly secret: string; readonly record: SessionRecord } {
  const secret = sessionSecretOf(context, request);
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
