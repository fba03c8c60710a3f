import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { digestOf } from '../../keys/digest.ts';
import { makeSecret } from '../../keys/secret.ts';
import type { UserSummary } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { notFound } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { pageOf, toPageQuery } from '../lists/paging.ts';
import { nothing } from '../schemas/fields.ts';
import { newLegacyKey, newUser, toUser, user, userChanges, userList, userPath, userQuery } from '../schemas/users.ts';
import { sessionSecretOf } from '../sign-in/sessions.ts';
import { insertUser, requireActiveUser, requireSomeSiteAdmin } from '../site-users.ts';
import { inNameOfUser, selfOrSiteAdmin, siteAdminOnly, whoMay } from '../who-may.ts';

export function userRoutes(server: ApiServer, context: AdminContext): void {
  const { store, now } = context;

  server.get(
    '/users',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Lists users.',
        'x-who-may': whoMay.siteAdmin,
        querystring: userQuery,
        response: { 200: userList },
      },
    },
    async request => {
      await context.flushKeyUses();
      const { last_used_before: lastUsedBefore, expired } = request.query;
      const page = toPageQuery(request.query);
      const found = await store.read.listUsers(page, now(), { lastUsedBefore, expired });
      const { shown, next_page_token } = pageOf(found, page, ({ username }) => username);
      return { users: shown.map(toUser), next_page_token };
    },
  );

  server.post(
    '/users',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Makes a user.',
        description: 'Its legacy key is not shown: the user gets one by rotating it.',
        'x-who-may': whoMay.siteAdmin,
        body: newUser,
        response: { 201: user },
      },
    },
    async (request, reply) => {
      const created = await change(context, request, reply, async writes => {
        await insertUser(writes, request.body, now());
        return summary(writes, request.body.username, now());
      });
      return reply.code(201).send(toUser(created));
    },
  );

  server.get(
    '/users/:username',
    {
      onRequest: selfOrSiteAdmin,
      schema: {
        summary: 'Shows a user.',
        'x-who-may': whoMay.itself,
        params: userPath,
        response: { 200: user },
      },
    },
    async request => {
      await context.flushKeyUses();
      return toUser(await summary(store.read, request.params.username, now()));
    },
  );

  server.patch(
    '/users/:username',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Changes a user.',
        description:
          'Deactivating one ends its API keys and its legacy key for good. The last active site admin cannot be deactivated or degraded.',
        'x-who-may': whoMay.siteAdmin,
        params: userPath,
        body: userChanges,
        response: { 200: user },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      const changed = await change(context, request, reply, async writes => {
        await writes.updateUser(username, request.body as Parameters<Writes['updateUser']>[1]);
        await requireSomeSiteAdmin(writes);
        return summary(writes, username, now());
      });
      return toUser(changed);
    },
  );

  server.delete(
    '/users/:username',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Deletes a user with its API keys.',
        description: 'Refused while it owns something, and for the last active site admin.',
        'x-who-may': whoMay.siteAdmin,
        params: userPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await change(context, request, reply, async writes => {
        await writes.deleteUser(request.params.username);
        await requireSomeSiteAdmin(writes);
      });
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/users/:username/v1_key::rotate',
    {
      onRequest: inNameOfUser(context),
      config: { revokes: true },
      schema: {
        summary: 'Replaces the legacy key of a user by a new one.',
        description:
          'The old one stops with the answer, and so do all sessions of the user but the one that asks, and its sign-in links; the new one is shown this once.',
        'x-who-may': whoMay.inItsName,
        params: userPath,
        body: nothing,
        response: { 200: newLegacyKey },
      },
    },
    async (request, reply) => {
      const { username } = request.params;
      const legacyKey = makeSecret('legacy_key');
      await change(context, request, reply, async writes => {
        await requireActiveUser(writes, username);
        await writes.setLegacyKey(username, digestOf(legacyKey), {
          keptSession: askingSession(context, request),
          shownTo: callerOf(request).username,
        });
      });
      return { username, legacy_key: legacyKey };
    },
  );
}

/** Digest of the session that the request came by; undefined: it came by a legacy key. */
function askingSession(context: AdminContext, request: FastifyRequest): string | undefined {
  const secret = request.session && sessionSecretOf(context, request);
  return secret && digestOf(secret);
}

async function summary(reads: Reads, username: string, now: number): Promise<UserSummary> {
  const found = await reads.summarizeUser(username, now);
  if (!found) {
    throw notFound(`user ${username}`);
  }
  return found;
}
