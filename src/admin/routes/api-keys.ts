import { z } from 'zod';
import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import { notFound } from '../api-error.ts';
import {
  type KeyOwnerKind,
  keyIdIn,
  keyOwnerKinds,
  keyPath,
  ownerIn,
  ownerPath,
  requireActiveOwner,
  requireOwner,
} from '../api-keys/key-owner.ts';
import { newKeyRecord, requireModels, shownAt } from '../api-keys/new-api-key.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { pageOf, toPageQuery } from '../lists/paging.ts';
import { requireRoom } from '../quotas.ts';
import { apiKeyList, apiKeyQuery, createdApiKey, deletedCount, newApiKey } from '../schemas/api-keys.ts';
import { optionalBody } from '../schemas/fields.ts';
import { findKeysRoute } from './find-api-keys.ts';
import { rotateKeyRoute } from './rotate-api-key.ts';

/** API keys, "v2 keys" in the API's words, of users and of applications alike. */
export function v2KeyRoutes(server: ApiServer, context: AdminContext): void {
  findKeysRoute(server, context);
  for (const kind of keyOwnerKinds(context)) {
    listRoute(server, context, kind);
    createRoute(server, context, kind);
    rotateKeyRoute(server, context, kind);
    deleteRoutes(server, context, kind);
  }
}

function listRoute(server: ApiServer, context: AdminContext, kind: KeyOwnerKind): void {
  const { store, now } = context;
  server.get(
    `${kind.path}/v2_keys`,
    {
      onRequest: kind.mayManage,
      schema: {
        summary: `Lists the API keys of ${kind.phrase}, without their secrets.`,
        'x-who-may': kind.whoMay,
        params: ownerPath(kind),
        querystring: apiKeyQuery,
        response: { 200: apiKeyList },
      },
    },
    async request => {
      const owner = ownerIn(kind, request.params);
      await requireOwner(kind, store.read, owner);
      await context.flushKeyUses();
      const { last_used_before: lastUsedBefore, expires_before: expiresBefore, expired, sort } = request.query;
      const page = toPageQuery({ ...request.query, sort: sort?.replace('expiry_date', 'expires_at') });
      const found = await store.read.listApiKeys(owner, page, {
        lastUsedBefore,
        expiresBefore,
        expired: expired === undefined ? undefined : { is: expired, now: now() },
      });
      const { shown, next_page_token } = pageOf(found, page, ({ key_id }) => key_id);
      return { api_keys: shown.map(await shownAt(store.read, now())), next_page_token };
    },
  );
}

function createRoute(server: ApiServer, context: AdminContext, kind: KeyOwnerKind): void {
  server.post(
    `${kind.path}/v2_keys`,
    {
      onRequest: kind.mayMake,
      schema: {
        summary: `Makes an API key for ${kind.phrase}.`,
        description: 'The answer is the only one that holds the secret.',
        'x-who-may': kind.whoMayMake,
        params: ownerPath(kind),
        body: optionalBody(newApiKey),
        response: { 201: createdApiKey },
      },
    },
    async (request, reply) => {
      const owner = ownerIn(kind, request.params);
      const names = { principal: owner, caller: callerOf(request).username };
      const secret = makeSecret('api_key');
      const key = await change(context, request, reply, async writes => {
        await requireActiveOwner(kind, writes, owner);
        await requireRoom(context, request, writes, { kind: 'api_keys', owner });
        await requireModels(context, owner, writes, request.body.models ?? []);
        const record = await newKeyRecord(writes, names, request.body, context.now());
        await writes.insertApiKeys([{ key: record, digest: digestOf(secret) }]);
        return (await shownAt(writes, context.now()))(record);
      });
      return reply.code(201).send({ ...key, api_key: secret });
    },
  );
}

function deleteRoutes(server: ApiServer, context: AdminContext, kind: KeyOwnerKind): void {
  const onRequest = kind.mayManage;
  server.delete(
    `${kind.path}/v2_keys/:key_id`,
    {
      onRequest,
      schema: {
        summary: `Deletes an API key of ${kind.phrase}.`,
        description: 'It stops with the answer. Expired ones can be deleted too.',
        'x-who-may': kind.whoMay,
        params: keyPath(kind),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const owner = ownerIn(kind, request.params);
      const keyId = keyIdIn(request.params);
      await change(context, request, reply, async writes => {
        const key = await writes.findApiKey(keyId);
        if (key?.principal !== owner) {
          throw notFound(`API key ${keyId} of ${owner}`);
        }
        await writes.deleteApiKey(keyId);
      });
      return reply.code(204).send(null);
    },
  );

  server.delete(
    `${kind.path}/v2_keys`,
    {
      onRequest,
      schema: {
        summary: `Deletes all API keys of ${kind.phrase}.`,
        'x-who-may': kind.whoMay,
        params: ownerPath(kind),
        response: { 200: deletedCount },
      },
    },
    async (request, reply) => {
      const owner = ownerIn(kind, request.params);
      const deleted = await change(context, request, reply, async writes => {
        await requireOwner(kind, writes, owner);
        return writes.deleteApiKeysOf(owner);
      });
      return { deleted };
    },
  );
}
