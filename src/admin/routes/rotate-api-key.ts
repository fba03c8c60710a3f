import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import type { ApiKeyRecord } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { ApiError, notFound } from '../api-error.ts';
import { type KeyOwnerKind, keyIdIn, keyPath, ownerIn, requireActiveOwner } from '../api-keys/key-owner.ts';
import { newKeyRecord, shownAt } from '../api-keys/new-api-key.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { requireRoom, roomToRotate } from '../quotas.ts';
import { rotateApiKey, rotatedApiKey } from '../schemas/api-keys.ts';
import { optionalBody, toInstant } from '../schemas/fields.ts';

/** The part of a path that stands before the verb. */
const keyBeforeVerb = ':key_id(^[^:]+)';

/** B43: a successor of the same owner, comment, scope and audiences, beside which the old key lives on for a while. */
export function rotateKeyRoute(server: ApiServer, context: AdminContext, kind: KeyOwnerKind): void {
  server.post(
    `${kind.path}/v2_keys/${keyBeforeVerb}::rotate`,
    {
      onRequest: kind.mayMake,
      config: { revokes: true },
      schema: {
        summary: `Replaces an API key of ${kind.phrase} by a successor, beside which it lives on for a while.`,
        description:
          'The successor has the same owner, comment, scope and audiences. A key that has expired, was ended or is replaced already is refused.',
        'x-who-may': kind.whoMayMake,
        params: keyPath(kind),
        body: optionalBody(rotateApiKey),
        response: { 201: rotatedApiKey },
      },
    },
    async (request, reply) => {
      const owner = ownerIn(kind, request.params);
      const keyId = keyIdIn(request.params);
      const { overlap_seconds, expiry_date } = request.body;
      const secret = makeSecret('api_key');
      const rotated = await change(context, request, reply, async writes => {
        await requireActiveOwner(kind, writes, owner);
        await requireRoom(context, request, writes, { kind: 'api_keys', owner, times: roomToRotate });
        const now = context.now();
        const old = await requireRotatable(writes, owner, keyId, now);
        const { comments, audiences, models } = old;
        const names = { principal: owner, caller: callerOf(request).username };
        const made = await newKeyRecord(writes, names, { comments, audiences, models, expiry_date }, now);
        const successor = { ...made, replaces: old.key_id };
        const stored = { key: successor, digest: digestOf(secret) };
        const until = await writes.replaceApiKey(old.key_id, stored, now + overlap_seconds * 1000);
        return { ...(await shownAt(writes, now))(successor), previous_works_until: toInstant(until) };
      });
      return reply.code(201).send({ ...rotated, api_key: secret });
    },
  );
}

/** A key that works and has no successor yet: of any other, a rotation would hand out what its owner does not expect. */
async function requireRotatable(reads: Reads, owner: string, keyId: string, now: number): Promise<ApiKeyRecord> {
  const key = await reads.findApiKey(keyId);
  if (key?.principal !== owner) {
    throw notFound(`API key ${keyId} of ${owner}`);
  }
  const fault = unrotatable(key, now);
  if (fault !== undefined) {
    throw new ApiError('failed_precondition', `API key ${keyId} ${fault}`);
  }
  return key;
}

function unrotatable({ replaced_by, ended_at, expires_at }: ApiKeyRecord, now: number): string | undefined {
  if (replaced_by !== null) {
    return `is replaced by ${replaced_by} already: rotate that one, or delete it first if its secret is lost`;
  }
  if (ended_at !== null) {
    return 'was ended: make a new key instead';
  }
  return expires_at !== null && expires_at <= now ? 'has expired: make a new key instead' : undefined;
}
