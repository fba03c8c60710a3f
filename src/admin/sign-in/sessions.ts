import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import type { SessionRecord, UserRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { AdminContext } from '../context.ts';
import { type HostCookie, hostCookie } from './host-cookie.ts';
import type { Holder } from './sign-in.ts';

/** When sessions end. */
export interface SessionRules {
  /** Milliseconds without any request. */
  readonly idleMs: number;
  /** Milliseconds since the sign-in. */
  readonly absoluteMs: number;
  /** Whether all browsers come over TLS: then cookies are sent over nothing else, and their names say so. */
  readonly overTls: boolean;
}

export const sessionCookie = 'modelgate_session';
export const csrfHeader = 'x-modelgate-csrf';
/** The cookie is for the API alone, where it can have a path: the pages and their files need no session. */
const cookiePath = '/api/v2';

/** A use of a session is written down no more often than this, in milliseconds. */
const touchMs = 60_000;
/** With short idle times more often, so that a session in use does not end. */
const touchesPerIdleTime = 10;

export interface SignedIn {
  readonly session: SessionRecord;
  readonly user: UserRecord;
}

type WithRules = Pick<AdminContext, 'sessions'>;

/** The secret of the session that the request's cookie carries. Over TLS one of the plain name is not looked at: anybody may have planted it. */
export function sessionSecretOf({ sessions }: WithRules, request: FastifyRequest): string | undefined {
  return request.cookies[cookieOf(sessions).name];
}

/** The live session of a secret, and its user; undefined: there is none, or its time is over. */
export async function findLiveSession(
  { now, sessions }: Pick<AdminContext, 'now' | 'sessions'>,
  secret: string,
  reads: Pick<Reads, 'findSession'>,
): Promise<SignedIn | undefined> {
  const found = await reads.findSession(digestOf(secret));
  const isLive =
    found && !found.user.deactivated && Math.min(found.session.expires_at, idleEnd(found.session, sessions)) > now();
  return isLive ? found : undefined;
}

/** When a session ends if nothing more is asked by it. */
export function idleEnd({ last_used_at, expires_at }: SessionRecord, { idleMs }: SessionRules): number {
  return Math.min(expires_at, last_used_at + idleMs);
}

/** Writes down that a session is used, from time to time; nobody waits for it, and a store that fails is told by who watches it. */
export function noteUse({ store, now, sessions }: AdminContext, secret: string, session: SessionRecord): void {
  if (now() - session.last_used_at >= Math.min(touchMs, sessions.idleMs / touchesPerIdleTime)) {
    void store.touchSession(digestOf(secret), now()).catch(() => undefined);
  }
}

/** What a page sends back with each change, and no page of another origin can read. Made from the session's secret, kept nowhere. */
export function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf token').digest('base64url');
}

/** Rejects a change in a session's name that does not come from a page which knows the session's token (T27). */
export function requireCsrfToken(request: FastifyRequest, secret: string): void {
  const sent = request.headers[csrfHeader];
  // By their digests, so that nothing is told by how long a comparison takes (T21).
  if (typeof sent !== 'string' || digestOf(sent) !== digestOf(csrfTokenOf(secret))) {
    throw new ApiError(
      'permission_denied',
      `a change in a browser session takes the session's csrf_token as the header ${csrfHeader}`,
    );
  }
}

/** A new session of a user, with an id that nobody had before, in place of the one that the request came with (T27). */
export async function insertSession(
  context: AdminContext,
  request: FastifyRequest,
  writes: Writes,
  { user, method, details }: Holder,
): Promise<{ readonly secret: string; readonly session: SessionRecord }> {
  const { now, sessions } = context;
  const before = sessionSecretOf(context, request);
  if (before !== undefined) {
    await writes.deleteSession(digestOf(before));
  }
  const secret = makeSecret('session');
  const at = now();
  const times = { created_at: at, last_used_at: at, expires_at: at + sessions.absoluteMs };
  const session: SessionRecord = { username: user.username, sign_in_method: method, ...times };
  await writes.insertSession(digestOf(secret), session, details);
  return { secret, session };
}

export function setSessionCookie(
  { sessions }: AdminContext,
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
): void {
  reply.setCookie(cookieOf(sessions).name, secret, cookieOptions(sessions, request));
}

export function clearSessionCookie({ sessions }: AdminContext, request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(cookieOf(sessions).name, cookieOptions(sessions, request));
}

function cookieOf({ overTls }: SessionRules): HostCookie {
  return hostCookie(sessionCookie, cookiePath, overTls);
}

/** A browser says in `Origin` that the page came over TLS, also where a proxy in front of us ends it. */
function cookieOptions(rules: SessionRules, request: FastifyRequest) {
  const { path, secure: always } = cookieOf(rules);
  const secure = always || /^https:/i.test(request.headers.origin ?? '');
  return { path, httpOnly: true, sameSite: 'strict', secure } as const;
}
