import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { makeKeyId } from '../../keys/access-key.ts';
import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import type { ApiKeyRecord, UserRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { ApiError, fieldError, notFound } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, change } from '../context.ts';
import { chosenExpiry, defaultExpiry, latestExpiry } from '../expiry.ts';
import { nextPageToken, toPageQuery } from '../paging.ts';
import {
  type ApiKey,
  apiKeyList,
  apiKeyPath,
  createdApiKey,
  deletedCount,
  newApiKey,
  toApiKey,
} from '../schemas/api-keys.ts';
import { pageQuery } from '../schemas/fields.ts';
import { userPath } from '../schemas/users.ts';
import { requireSelfOrSiteAdmin } from '../who-may.ts';

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
    { schema: { params: userPath, querystring: pageQuery, response: { 200: apiKeyList } } },
    async request => {
      const { username } = request.params;
      requireSelfOrSiteAdmin(request, username);
      await requireUser(store.read, username);
      await context.flushKeyUses();
      const keys = await store.read.listApiKeys(username, toPageQuery(request.query));
      const shown = await shownAt(store.read, now());
      const ids = keys.map(({ key_id }) => key_id);
      return { api_keys: keys.map(shown), next_page_token: nextPageToken(ids, request.query.page_size) };
    },
  );
}

function createRoute(server: ApiServer, context: AdminContext): void {
  server.post(
    '/users/:username/v2_keys',
    { schema: { params: userPath, body: newApiKey, response: { 201: createdApiKey } } },
    async (request, reply) => {
      const { username } = request.params;
      requireSelfOrSiteAdmin(request, username);
      const secret = makeSecret('api_key');
      const key = await change(context, request, reply, async writes => {
        await requireActiveUser(writes, username);
        const record = await newRecord(writes, username, request.body, context.now());
        await writes.insertApiKey(record, digestOf(secret));
        return (await shownAt(writes, context.now()))(record);
      });
      return reply.code(201).send({ ...key, api_key: secret });
    },
  );
}

function deleteRoutes(server: ApiServer, context: AdminContext): void {
  server.delete(
    '/users/:username/v2_keys/:key_id',
    { schema: { params: apiKeyPath, response: { 204: z.null() } } },
    async (request: FastifyRequest<{ Params: z.infer<typeof apiKeyPath> }>, reply) => {
      const { username, key_id } = request.params;
      requireSelfOrSiteAdmin(request, username);
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
    { schema: { params: userPath, response: { 200: deletedCount } } },
    async (request, reply) => {
      const { username } = request.params;
      requireSelfOrSiteAdmin(request, username);
      const deleted = await change(context, request, reply, async writes => {
        await requireUser(writes, username);
        return writes.deleteApiKeysOf(username);
      });
      return { deleted };
    },
  );
}

async function newRecord(
  writes: Writes,
  username: string,
  wanted: z.infer<typeof newApiKey>,
  now: number,
): Promise<ApiKeyRecord> {
  const { default_api_key_expiration_days: days } = await writes.readSettings();
  await requireModels(writes, wanted.models ?? []);
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
    last_used_at: null,
    last_used_model: null,
  };
}

/** A key narrowed to a model that isn't there would be of no use, and most likely a slip of the pen. */
async function requireModels(reads: Reads, modelIds: readonly string[]): Promise<void> {
  for (const modelId of modelIds) {
    if (!(await reads.findModel(modelId))) {
      throw fieldError('models', `there is no model ${modelId}`);
    }
  }
}

async function requireUser(reads: Reads, username: string): Promise<UserRecord> {
  const user = await reads.findUser(username);
  if (!user) {
    throw notFound(`user ${username}`);
  }
  return user;
}

async function requireActiveUser(reads: Reads, username: string): Promise<void> {
  if ((await requireUser(reads, username)).deactivated) {
    throw new ApiError('failed_precondition', `${username} is deactivated: activate the user first`);
  }
}

/** How a key is shown at an instant, given the site's default expiration. */
async function shownAt(reads: Reads, now: number): Promise<(key: ApiKeyRecord) => ApiKey> {
  const { default_api_key_expiration_days: days } = await reads.readSettings();
  return key => toApiKey(key, now, latestExpiry(now, days));
}
