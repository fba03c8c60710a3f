import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Reads } from '../../store/store.ts';
import type { ApiServer } from '../api-server-type.ts';
import type { AdminContext } from '../context.ts';
import { type Flow, FlowSeal, flowCookieOf, flowLifeMs } from '../oidc/flow-cookie.ts';
import type { Identity, OpenIdProvider } from '../oidc/openid-provider.ts';
import { insertUserOf, nameForIdentity } from '../oidc/user-of-identity.ts';
import { callerAddress } from '../requests/caller-address.ts';
import type { HostCookie } from '../sign-in/host-cookie.ts';
import { findLiveSession, sessionSecretOf } from '../sign-in/sessions.ts';
import { type Holder, signInTo } from '../sign-in/sign-in.ts';
import type { SignInThrottle } from '../sign-in/sign-in-throttle.ts';
import { whoMay } from '../who-may.ts';

/** Why nobody is signed in, as the sign-in page is told. */
type Refusal =
  | 'not_configured'
  | 'provider_unavailable'
  | 'cancelled'
  | 'not_confirmed'
  | 'unknown_identity'
  | 'deactivated'
  | 'throttled'
  | 'unavailable';

const signedInPage = '/#/';
const refusedPage = (refusal: Refusal) => `/#/sign-in?error=${refusal}`;
const signInQuery = z.strictObject({
  prompt: z
    .enum(['login'])
    .optional()
    .describe('The provider asks who somebody is, even if it knows: another account than before can be named.'),
});
const redirect = { response: { 302: z.null() } };

/** Signing in at an OpenID provider: two places that a browser is sent to. */
export function oidcRoutes(server: ApiServer, context: AdminContext, throttle: SignInThrottle): void {
  server.get(
    '/oidc/sign_in',
    {
      schema: {
        summary: 'Sends a browser to the OpenID provider.',
        description: 'Where none is set up, or it does not answer: to the sign-in page, with `error` in its fragment.',
        'x-who-may': whoMay.anyone,
        querystring: signInQuery,
        ...redirect,
      },
    },
    async (request, reply) => {
      const { provider } = context;
      if (!provider) {
        return reply.redirect(refusedPage('not_configured'));
      }
      try {
        const { url, flow } = await provider.begin(request.query.prompt);
        const seal = new FlowSeal(provider.settings.clientSecret);
        const { overTls } = context.sessions;
        for (const cookie of seal.surplusOf(request.cookies, context.now(), overTls)) {
          reply.clearCookie(cookie.name, optionsOf(cookie));
        }
        const cookie = flowCookieOf(flow.state, overTls);
        reply.setCookie(cookie.name, seal.seal(flow), { ...optionsOf(cookie), maxAge: flowLifeMs / 1000 });
        return reply.redirect(url.href);
      } catch (fault) {
        context.noteSignIn({ fault }, 'the OpenID provider does not answer');
        return reply.redirect(refusedPage('provider_unavailable'));
      }
    },
  );

  server.get(
    '/oidc/callback',
    {
      schema: {
        summary: 'Where the OpenID provider sends a browser back to: signs it in.',
        description: 'To the first page, or to the sign-in page with `error` in its fragment.',
        'x-who-may': whoMay.anyone,
        // The provider's to choose.
        querystring: z.looseObject({}),
        ...redirect,
      },
    },
    async (request, reply) => {
      const { provider } = context;
      if (!provider) {
        return reply.redirect(refusedPage('not_configured'));
      }
      const state = (request.query as { readonly state?: unknown }).state;
      const cookie = typeof state === 'string' ? flowCookieOf(state, context.sessions.overTls) : undefined;
      const sealed = cookie && request.cookies[cookie.name];
      const flow = new FlowSeal(provider.settings.clientSecret).open(sealed, context.now());
      if (!cookie || !flow) {
        // An address that was opened once more, from the history or a bookmark, leaves alone who is signed in.
        if (await isSignedIn(context, request)) {
          return reply.redirect(signedInPage);
        }
        // Not counted: any web page can send its visitors here.
        context.noteSignIn({ reason: 'no_flow' }, 'sign-in by OpenID refused');
        return reply.redirect(refusedPage('not_confirmed'));
      }
      reply.clearCookie(cookie.name, optionsOf(cookie));
      const refusal = await comeBack(context, throttle, { provider, flow }, request, reply);
      return reply.redirect(refusal === undefined ? signedInPage : refusedPage(refusal));
    },
  );
}

async function isSignedIn(context: AdminContext, request: FastifyRequest): Promise<boolean> {
  const secret = sessionSecretOf(context, request);
  return secret !== undefined && (await findLiveSession(context, secret, context.store.read)) !== undefined;
}

/** Lax: the browser comes back from another site, and must bring it along. */
function optionsOf({ path, secure }: HostCookie) {
  return { path, secure, httpOnly: true, sameSite: 'lax' } as const;
}

/** Signs in whom the provider names; answers why not, else nothing. */
async function comeBack(
  context: AdminContext,
  throttle: SignInThrottle,
  { provider, flow }: { readonly provider: OpenIdProvider; readonly flow: Flow },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Refusal | undefined> {
  const identity = await confirmed(context, provider, flow, request.url);
  if (!identity) {
    // Only who fails waits (T54).
    if (throttle.waitOfAddress(callerAddress(request)) > 0) {
      return 'throttled';
    }
    throttle.failed(callerAddress(request));
    return 'not_confirmed';
  }
  if (identity === 'cancelled') {
    return 'cancelled';
  }
  const who = await userOf(context.store.read, provider, identity);
  if ('refusal' in who) {
    const { issuer, subject } = identity;
    context.noteSignIn({ issuer, subject, reason: who.refusal }, 'sign-in by OpenID refused');
    return who.refusal;
  }
  if (throttle.waitOfAccount(who.username) > 0) {
    return 'throttled';
  }
  try {
    const redeem = (writes: Parameters<typeof insertUserOf>[0]) => holderOf(writes, who, identity, context.now());
    const { revision } = await signInTo(context, request, reply, { actor: who.username, redeem });
    // A new user counts for checks as well.
    await context.publish(revision);
    return undefined;
  } catch (cause) {
    context.noteSignIn({ err: cause }, 'sign-in by OpenID failed');
    return 'unavailable';
  }
}

/** What the provider says of whom it asked, if all is as it must be: this flow's state, nonce and verifier, the token and its signature. */
async function confirmed(
  { noteSignIn }: AdminContext,
  provider: OpenIdProvider,
  flow: Flow,
  pathAndQuery: string,
): Promise<Identity | 'cancelled' | undefined> {
  try {
    return await provider.finish(pathAndQuery, flow);
  } catch (fault) {
    noteSignIn({ fault, reason: 'not_confirmed' }, 'sign-in by OpenID refused');
    return undefined;
  }
}

interface Who {
  readonly username: string;
  readonly isNew: boolean;
}

async function userOf(
  reads: Reads,
  { settings }: OpenIdProvider,
  identity: Identity,
): Promise<Who | { readonly refusal: Refusal }> {
  const user = await reads.findUserByOidcIdentity(identity);
  if (user) {
    return user.deactivated ? { refusal: 'deactivated' } : { username: user.username, isNew: false };
  }
  return settings.createUsers
    ? { username: await nameForIdentity(reads, identity), isNew: true }
    : { refusal: 'unknown_identity' };
}

/** The same inside the transaction: of two that come back at once with a new identity, the second finds the user of the first. */
async function holderOf(
  writes: Parameters<typeof insertUserOf>[0],
  { username, isNew }: Who,
  identity: Identity,
  now: number,
): Promise<Holder> {
  const known = await writes.findUserByOidcIdentity(identity);
  if (!known && !isNew) {
    throw new Error('the identity was taken away meanwhile');
  }
  const user = known ?? (await insertUserOf(writes, username, identity, now));
  return { user, method: 'oidc', details: { issuer: identity.issuer, subject: identity.subject } };
}
