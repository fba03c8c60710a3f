import type { FastifyRequest } from 'fastify';
import { digestOf } from '../keys/digest.ts';
import type { UserRecord } from '../store/records.ts';
import type { UserReads } from '../store/store.ts';
import { ApiError } from './api-error.ts';

/**
 * The user whose legacy key the request carries, as Bearer or as the Basic user name with an empty
 * password. Rejects with 401; an API key opens nothing here (B6).
 */
export async function authenticate(request: FastifyRequest, users: UserReads): Promise<UserRecord> {
  const legacyKey = readCredential(request.headers.authorization);
  const user = legacyKey === undefined ? undefined : await users.findUserByLegacyKey(digestOf(legacyKey));
  if (!user) {
    throw new ApiError(
      'unauthenticated',
      'send a valid legacy key as Authorization: Bearer KEY (or as the Basic user name with an empty password); API keys only call models',
    );
  }
  return user;
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
