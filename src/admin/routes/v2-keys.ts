import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { makeKeyId } from '../../keys/access-key.ts';
import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import type { ApiKeyRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { fieldError, notFound } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, change } from '../context.ts';
import { chosenExpiry, defaultExpiry, latestExpiry } from '../expiry.ts';
import { nextPageToken, toPageQuery } from '../paging.ts';
import {
  type ApiKey,
  apiKeyList,
  apiKeyPath,
  apiKeyQuery,
  createdApiKey,
  deletedCount,
  newApiKey,
  toApiKey,
} from '../schemas/api-keys.ts';
import { optionalBody } from '../schemas/fields.ts';
import { userPath } from '../schemas/users.ts';
import { requireActiveUser, requireUser } from '../site-users.ts';
import { selfOrSiteAdmin } from '../who-may.ts';

/** API keys of users, "v2 keys" in the API's words: created, listed and deleted by the user itself or a site admin. */
export function v2KeyRoutes(server: ApiServer, context: AdminContext): void {
  listRoute(server, context);
  createRoute(server, context);
  deleteRoutes(server, context);
}

function listRoute(server: ApiServer, context: AdminContext): void {
  const { store, now } = context;
  server.get(
    '/users/:username/v2_keys',
    {
      onRequest: selfOrSiteAdmin,
      schema: { params: userPath, querystring: apiKeyQuery, response: { 200: apiKeyList } },
    },
    async request => {
      const { username } = request.params;
      await requireUser(store.read, username);
      await context.flushKeyUses();
      const { last_used_before: lastUsedBefore, expires_before: expiresBefore, expired, sort } = request.query;
      const page = toPageQuery({ ...request.query, sort: sort?.replace('expiry_date', 'expires_at') });
      const keys = await store.read.listApiKeys(username, page, {
        lastUsedBefore,
        expiresBefore,
        expired: expired === undefined ? undefined : { is: expired, now: now() },
      });
      const shown = await shownAt(store.read, now());
      return { api_keys: keys.map(shown), next_page_token: nextPageToken(keys, page, ({ key_id }) => key_id) };
    },
  );
}

function createRoute(server: ApiServer, context: AdminContext): void {
  server.post(
    '/users/:username/v2_keys',
    {
      onRequest: selfOrSiteAdmin,
      schema: { params: userPath, body: optionalBody(newApiKey), response: { 201: createdApiKey } },
    },
    async (request, reply) => {
      const { username } = request.params;
      const secret = makeSecret('api_key');
      const key = await change(context, request, reply, async writes => {
        await requireActiveUser(writes, username);
        const record = await newRecord(context, writes, username, request.body);
        await writes.insertApiKeys([{ key: record, digest: digestOf(secret) }]);
        return (await shownAt(writes, context.now()))(record);
      });
      return reply.code(201).send({ ...key, api_key: secret });
    },
  );
}

function deleteRoutes(server: ApiServer, context: AdminContext): void {
  server.delete(
    '/users/:username/v2_keys/:key_id',
    { onRequest: selfOrSiteAdmin, schema: { params: apiKeyPath, response: { 204: z.null() } } },
    async (request: FastifyRequest<{ Params: z.infer<typeof apiKeyPath> }>, reply) => {
      const { username, key_id } = request.params;
      await change(context, request, reply, async writes => {
        const key = await writes.findApiKey(key_id);
        if (key?.principal !== username) {
          throw notFound(`API key ${key_id} of ${username}`);
        }
        await writes.deleteApiKey(key_id);
      });
      return reply.code(204).send(null);
    },
  );

  server.delete(
    '/users/:username/v2_keys',
    { onRequest: selfOrSiteAdmin, schema: { params: userPath, response: { 200: deletedCount } } },
    async (request, reply) => {
      const { username } = request.params;
      const deleted = await change(context, request, reply, async writes => {
        await requireUser(writes, username);
        return writes.deleteApiKeysOf(username);
      });
      return { deleted };
    },
  );
}

async function newRecord(
  context: AdminContext,
  writes: Writes,
  username: string,
  wanted: z.infer<typeof newApiKey>,
): Promise<ApiKeyRecord> {
  const now = context.now();
  const { default_api_key_expiration_days: days } = await writes.readSettings();
  await requireModels(context, username, writes, wanted.models ?? []);
  return {
    key_id: makeKeyId(),
    principal: username,
    comments: wanted.comments,
    audiences: [...new Set(wanted.audiences)],
    models: wanted.models ? [...new Set(wanted.models)] : null,
    created_at: now,
    expires_at:
      wanted.expiry_date === undefined ? defaultExpiry(now, days) : chosenExpiry(wanted.expiry_date, now, days),
    ended_at: null,
    replaces: null,
    replaced_by: null,
    last_used_at: null,
    last_used_model: null,
  };
}

/**
 * A key narrowed to a model that its owner can't call would be of no use, and most likely is a slip of the
 * pen. Models of others are not told from models that are not there.
 */
async function requireModels(
  { permissionOn }: AdminContext,
  username: string,
  reads: Reads,
  modelIds: readonly string[],
): Promise<void> {
  for (const modelId of modelIds) {
    const model = await reads.findModel(modelId);
    if (!model || permissionOn(model.project_id, username) === undefined) {
      throw fieldError('models', `${username} may call no model ${modelId}`);
    }
  }
}

/** How a key is shown at an instant, given the site's default expiration. */
async function shownAt(reads: Reads, now: number): Promise<(key: ApiKeyRecord) => ApiKey> {
  const { default_api_key_expiration_days: days } = await reads.readSettings();
  return key => toApiKey(key, now, latestExpiry(now, days));
}
