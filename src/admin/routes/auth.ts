import type { FastifyReply, FastifyRequest } from 'fastify';
import { digestOf } from '../../keys/digest.ts';
import { holderAuthor } from '../../store/own-author.ts';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, commit, inForce, type KeyValidity } from '../context.ts';
import { callerAddress } from '../requests/caller-address.ts';
import { keyValidity, revokedKey, validateKey } from '../schemas/auth.ts';
import { nothing, optionalBody } from '../schemas/fields.ts';
import { readBearer } from '../sign-in/authenticate.ts';
import { FailureThrottle } from '../sign-in/failure-throttle.ts';
import { whoMay } from '../who-may.ts';

/**
 * Keys that nobody has, by source address: a service that asks for many callers behind one address stays
 * far below, and guessing gets nowhere. Memory: some 2 MB at most.
 */
const unknownKeys = { burst: 60, perSecond: 1, sourcesMax: 10_000, now: () => performance.now() };

/** About what a start or a short loss of the store takes, in seconds. */
const retryAfterSeconds = 5;

const faultTexts: Record<(KeyValidity & { valid: false })['reason'], string> = {
  api_key_invalid: 'the API key is unknown, deleted or ended',
  api_key_expired: 'the API key has expired',
  audience_mismatch: 'the API key is not meant for this audience',
  not_ready: 'the server is starting: try again in a few seconds',
  stale: 'what the server knows is too old to tell: try again in a few seconds',
};

/** What whoever holds an API key may ask: registered without the sign-in that all other routes need. */
export function authRoutes(server: ApiServer, context: AdminContext): void {
  const throttle = new FailureThrottle(unknownKeys);
  server.post(
    '/auth/validate_key',
    {
      schema: {
        summary: 'Tells whether an API key is valid.',
        description: 'Sources that send many unknown keys are throttled, with those alone.',
        'x-who-may': whoMay.apiKey,
        body: optionalBody(validateKey),
        response: { 200: keyValidity },
      },
    },
    async (request, reply) => {
      const apiKey = readApiKey(request);
      const judged = context.validateKey(apiKey, request.body.audience);
      if (judged.valid) {
        return { valid: true, username: judged.principal, message: 'the API key is valid' };
      }
      if (judged.reason === 'not_ready' || judged.reason === 'stale') {
        reply.header('retry-after', String(retryAfterSeconds));
        throw new ApiError('unavailable', faultTexts[judged.reason]);
      }
      if (judged.reason === 'api_key_invalid') {
        countFailure(request, reply, throttle);
      }
      return { valid: false, username: '', message: faultTexts[judged.reason] };
    },
  );

  server.post(
    '/auth/revoke_key',
    {
      schema: {
        summary: 'Revokes the API key that the request carries, and no other.',
        description:
          'So a leaked key dies by possession, without finding its owner first. Sources that send many unknown keys are throttled, with those alone.',
        'x-who-may': whoMay.apiKey,
        body: nothing,
        response: { 200: revokedKey },
      },
    },
    async (request, reply) => {
      const digest = digestOf(readApiKey(request));
      const key = await context.lookups.ofStranger(callerAddress(request), () =>
        context.store.read.findApiKeyByDigest(digest),
      );
      if (!key) {
        countFailure(request, reply, throttle);
        throw nothingToRevoke();
      }
      if (key.ended_at !== null) {
        // No write for what is so already: asked again and again, it would keep others' revocations waiting (T55). It must be as safe all the same (B41).
        await inForce(context, reply, await context.store.confirm());
        return { revoked: true as const, key_id: key.key_id };
      }
      // Who holds a key is not known to be its owner, so the audit names the key as the one who acts. All of an owner's keys
      // have one turn, apart from the owner's own: many keys are not many people, and a thief must not use up the owner's.
      const turn = `holders of ${key.principal}`;
      const author = { actor: holderAuthor(key.key_id), address: callerAddress(request), turn };
      await commit(context, { author, kind: 'revocation' }, reply, async writes => {
        // While this waited for its turn, it may have been deleted; the Key ID is then nobody's, or another key's.
        if ((await writes.findApiKeyByDigest(digest))?.key_id !== key.key_id) {
          throw nothingToRevoke();
        }
        await writes.revokeApiKey(key.key_id);
      });
      return { revoked: true as const, key_id: key.key_id };
    },
  );
}

function nothingToRevoke(): ApiError {
  return new ApiError('unauthenticated', 'the API key is unknown or deleted: there is nothing to revoke');
}

/** The API key that the request carries. */
function readApiKey(request: FastifyRequest): string {
  const apiKey = readBearer(request.headers.authorization);
  if (apiKey === undefined) {
    throw new ApiError('unauthenticated', 'send the API key as Authorization: Bearer KEY');
  }
  return apiKey;
}

/** Counts an unknown key; a source with too many is told to wait. Never asked for a key that is known (T54). */
function countFailure(request: FastifyRequest, reply: FastifyReply, throttle: FailureThrottle): void {
  const wait = throttle.waitSeconds(callerAddress(request));
  if (wait > 0) {
    reply.header('retry-after', String(wait));
    throw new ApiError('throttled', `too many unknown API keys from this address: try again in ${wait} s`);
  }
  throttle.failed(callerAddress(request));
}
