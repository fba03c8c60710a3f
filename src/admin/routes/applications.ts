import { z } from 'zod';
import type { ApplicationSummary } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { pageOf, toPageQuery } from '../lists/paging.ts';
import { requireRoom } from '../quotas.ts';
import {
  application,
  applicationChanges,
  applicationList,
  applicationPath,
  applicationQuery,
  newApplication,
  toApplication,
} from '../schemas/applications.ts';
import { requireActiveUser } from '../site-users.ts';
import { applicationOwnerOrSiteAdmin, requireOwnName, whoMay } from '../who-may.ts';

/** Applications: principals with keys and no login, each managed by the user that owns it. */
export function applicationRoutes(server: ApiServer, context: AdminContext): void {
  collectionRoutes(server, context);
  oneApplicationRoutes(server, context);
}

function collectionRoutes(server: ApiServer, context: AdminContext): void {
  const { store, now } = context;
  server.get(
    '/applications',
    {
      schema: {
        summary: 'Lists applications.',
        description: 'A site admin sees all, anybody else their own.',
        'x-who-may': whoMay.anyUser,
        querystring: applicationQuery,
        response: { 200: applicationList },
      },
    },
    async request => {
      const { last_used_before, expired, owner_deactivated, owner } = request.query;
      const { username, site_admin } = callerOf(request);
      requireOwnName(request, owner, 'see the applications of others');
      await context.flushKeyUses();
      const page = toPageQuery(request.query);
      const found = await store.read.listApplications(page, now(), {
        owner: site_admin ? owner : username,
        ownerDeactivated: owner_deactivated,
        lastUsedBefore: last_used_before,
        expired,
      });
      const { shown, next_page_token } = pageOf(found, page, ({ name }) => name);
      return { applications: shown.map(toApplication), next_page_token };
    },
  );

  server.post(
    '/applications',
    {
      schema: {
        summary: 'Makes an application.',
        description: 'Owned by the caller; only a site admin may make one for somebody else.',
        'x-who-may': whoMay.anyUser,
        body: newApplication,
        response: { 201: application },
      },
    },
    async (request, reply) => {
      const created = await change(context, request, reply, async writes => {
        const { username, site_admin } = callerOf(request);
        const { name, owner = username } = request.body;
        if (owner !== username && !site_admin) {
          throw new ApiError('permission_denied', 'only a site admin may make an application for somebody else');
        }
        await requireActiveUser(writes, owner);
        await requireRoom(context, request, writes, { kind: 'applications', owner });
        await writes.insertApplication({ name, owner, deactivated: false, created_at: now() });
        return summary(writes, name, now());
      });
      return reply.code(201).send(toApplication(created));
    },
  );
}

function oneApplicationRoutes(server: ApiServer, context: AdminContext): void {
  const { store, now } = context;
  const onRequest = applicationOwnerOrSiteAdmin(context);
  server.get(
    '/applications/:name',
    {
      onRequest,
      schema: {
        summary: 'Shows an application.',
        'x-who-may': whoMay.applicationOwner,
        params: applicationPath,
        response: { 200: application },
      },
    },
    async request => {
      await context.flushKeyUses();
      return toApplication(await summary(store.read, request.params.name, now()));
    },
  );

  server.patch(
    '/applications/:name',
    {
      onRequest,
      schema: {
        summary: 'Changes an application.',
        description: 'Deactivating it ends its API keys for good. Only a site admin may give it another owner.',
        'x-who-may': whoMay.applicationOwner,
        params: applicationPath,
        body: applicationChanges,
        response: { 200: application },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { owner } = request.body;
      const changed = await change(context, request, reply, async writes => {
        if (owner !== undefined && !callerOf(request).site_admin) {
          throw new ApiError('permission_denied', 'only a site admin may give an application another owner');
        }
        if (owner !== undefined) {
          await requireActiveUser(writes, owner);
        }
        await writes.updateApplication(name, request.body as Parameters<Writes['updateApplication']>[1]);
        return summary(writes, name, now());
      });
      return toApplication(changed);
    },
  );

  server.delete(
    '/applications/:name',
    {
      onRequest,
      schema: {
        summary: 'Deletes an application with its API keys.',
        description: 'Nothing of it is inherited by a later one of the same name.',
        'x-who-may': whoMay.applicationOwner,
        params: applicationPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await change(context, request, reply, writes => writes.deleteApplication(request.params.name));
      return reply.code(204).send(null);
    },
  );
}

async function summary(reads: Reads, name: string, now: number): Promise<ApplicationSummary> {
  const found = await reads.summarizeApplication(name, now);
  if (!found) {
    throw notFound(`application ${name}`);
  }
  return found;
}
