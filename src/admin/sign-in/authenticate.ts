import type { FastifyRequest } from 'fastify';
import { digestOf } from '../../keys/digest.ts';
import type { UserRecord } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { AdminContext } from '../context.ts';
import { findLiveSession, noteUse, requireCsrfToken, type SignedIn, sessionSecretOf } from './sessions.ts';

const howTo =
  'send a valid legacy key as Authorization: Bearer KEY (or as the Basic user name with an empty password), or sign in; API keys only call models';

export interface Caller {
  readonly user: UserRecord;
  /** Absent: a legacy key came with the request. */
  readonly session?: SignedIn['session'];
}

/**
 * The user whose legacy key the request carries, as Bearer or as the Basic user name with an empty
 * password, or whose session its cookie names; a request with an Authorization header has no session. Rejects with
 * 401; an API key opens nothing here (B6). Rejects with 403 where a change in a session's name lacks its token (T27).
 */
export async function authenticate(context: AdminContext, request: FastifyRequest, reads: Reads): Promise<Caller> {
  const { authorization } = request.headers;
  const caller =
    authorization === undefined
      ? await bySession(context, request, reads)
      : await byLegacyKey(readCredential(authorization), reads);
  if (!caller) {
    throw new ApiError('unauthenticated', howTo);
  }
  return caller;
}

async function byLegacyKey(legacyKey: string | undefined, reads: Reads): Promise<Caller | undefined> {
  const user = legacyKey === undefined ? undefined : await reads.findUserByLegacyKey(digestOf(legacyKey));
  return user && { user };
}

async function bySession(context: AdminContext, request: FastifyRequest, reads: Reads): Promise<Caller | undefined> {
  const secret = sessionSecretOf(context, request);
  const found = secret === undefined ? undefined : await findLiveSession(context, secret, reads);
  if (secret === undefined || !found) {
    return undefined;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    requireCsrfToken(request, secret);
  }
  noteUse(context, secret, found.session);
  return found;
}

/** What signs a request in, however it is written in its header; blank: there is nothing. For telling callers apart before any lookup. */
export function credentialOf(context: Pick<AdminContext, 'sessions'>, request: FastifyRequest): string {
  const { authorization } = request.headers;
  return (authorization === undefined ? sessionSecretOf(context, request) : readCredential(authorization)) ?? '';
}

/** The text of a Bearer credential; undefined: there is none. */
export function readBearer(authorization: string | undefined): string | undefined {
  return /^bearer[ \t]+([\x21-\x7e]+)[ \t]*$/i.exec(authorization ?? '')?.[1];
}

function readCredential(authorization: string | undefined): string | undefined {
  const basic = /^basic[ \t]+([0-9A-Za-z+/_=-]+)[ \t]*$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) {
    return readBearer(authorization);
  }
  const text = Buffer.from(basic, 'base64').toString('latin1');
  return text.endsWith(':') ? text.slice(0, -1) : undefined;
}
