import type { FastifyRequest } from 'fastify';
import type { Permission } from '../../changes/change-set.ts';
import { atLeast } from '../../changes/permission-ranks.ts';
import { makeAccessKey } from '../../keys/access-key.ts';
import type { ModelFilter } from '../../store/model-store.ts';
import type { PageQuery } from '../../store/page-query.ts';
import type { ModelRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { pageOf, readAll, readVisible, toPageQuery } from '../lists/paging.ts';
import { nothing, optionalBody } from '../schemas/fields.ts';
import {
  enableAuthentication,
  enabledCount,
  type ModelList,
  type ModelQuery,
  model,
  modelBeforeVerb,
  modelChanges,
  modelList,
  modelPath,
  modelQuery,
  newAccessKey,
  projectPath,
  toModel,
} from '../schemas/models.ts';
import { heldFor, holds, requireModel, requireOnProject, whoMay } from '../who-may.ts';

export function modelRoutes(server: ApiServer, context: AdminContext): void {
  listRoutes(server, context);
  oneModelRoutes(server, context);
  enableAuthenticationRoute(server, context);
}

function listRoutes(server: ApiServer, context: AdminContext): void {
  const { store } = context;
  server.get(
    '/models',
    {
      schema: {
        summary: 'Lists the models of all projects that the caller may read.',
        'x-who-may': whoMay.anyUser,
        querystring: modelQuery,
        response: { 200: modelList },
      },
    },
    async request => listReadable(context, request, request.query),
  );

  server.get(
    '/projects/:project_id/models',
    {
      schema: {
        summary: 'Lists the models of a project.',
        'x-who-may': whoMay.read,
        params: projectPath,
        querystring: modelQuery,
        response: { 200: modelList },
      },
    },
    async request => {
      const { project_id } = request.params;
      await requireOnProject(context, request, project_id, 'read');
      const page = toPageQuery(request.query);
      const models = await store.read.listModels(page, [project_id], filterOf(request.query));
      return shownPage(context, request, models, page);
    },
  );
}

function oneModelRoutes(server: ApiServer, context: AdminContext): void {
  const path = '/projects/:project_id/models';
  server.get(
    `${path}/:model_id`,
    {
      schema: {
        summary: 'Shows a model.',
        description: 'Its access key only to those who hold `write` or more.',
        'x-who-may': whoMay.read,
        params: modelPath,
        response: { 200: model },
      },
    },
    async request => shown(context, request, await requireModel(context, request, request.params, 'read')),
  );

  server.patch(
    `${path}/:model_id`,
    {
      schema: {
        summary: 'Changes a model.',
        description: 'Only a site admin may set `target`.',
        'x-who-may': whoMay.write,
        params: modelPath,
        body: modelChanges,
        response: { 200: model },
      },
    },
    async (request, reply) => {
      const { model_id } = await requireModel(context, request, request.params, 'write');
      const changed = await change(context, request, reply, async writes => {
        if (request.body.target !== undefined && !callerOf(request).site_admin) {
          const why = 'only a site admin may set target: it names the cluster that gets the calls';
          throw new ApiError('permission_denied', why);
        }
        await writes.updateModel(model_id, request.body as Parameters<Writes['updateModel']>[1]);
        return writes.findModel(model_id);
      });
      return shown(context, request, changed as ModelRecord);
    },
  );

  server.post(
    `${path}/${modelBeforeVerb}::regenerate_access_key`,
    {
      config: { revokes: true },
      schema: {
        summary: 'Gives a model a new access key.',
        description: 'The old one stops in the same step.',
        'x-who-may': whoMay.write,
        params: modelPath,
        body: nothing,
        response: { 200: newAccessKey },
      },
    },
    async (request, reply) => {
      const { model_id } = await requireModel(context, request, request.params, 'write');
      const access_key = makeAccessKey();
      await change(context, request, reply, writes => writes.updateModel(model_id, { access_key }));
      return { model_id, access_key };
    },
  );
}

function enableAuthenticationRoute(server: ApiServer, context: AdminContext): void {
  server.post(
    '/models::enable_authentication',
    {
      config: { revokes: true },
      schema: {
        summary: 'Enables authentication for all models of the site, or of one project.',
        description:
          'Without `project_id`, any user may ask: it counts for the models that the caller holds `write` on.',
        'x-who-may': whoMay.write,
        body: optionalBody(enableAuthentication),
        response: { 200: enabledCount },
      },
    },
    async (request, reply) => {
      const { project_id } = request.body;
      if (project_id !== undefined) {
        await requireOnProject(context, request, project_id, 'write');
      }
      const enabled = await change(context, request, reply, async writes => {
        const projects = project_id === undefined ? undefined : [project_id];
        const off = await readAll(
          page => writes.listModels(page, projects, { auth_enabled: false }),
          ({ model_id }) => model_id,
        );
        const own = await writable(context, request, writes, off);
        await writes.enableAuthentication(own);
        return own.length;
      });
      return { enabled };
    },
  );
}

/** Those of the models whose project the caller holds `write` on, each project asked for once. */
async function writable(
  context: AdminContext,
  request: FastifyRequest,
  reads: Reads,
  models: readonly ModelRecord[],
): Promise<ModelRecord[]> {
  const held = new Map<string, Permission | undefined>();
  for (const { project_id } of models) {
    if (!held.has(project_id)) {
      held.set(project_id, await heldFor(context, request, reads, project_id));
    }
  }
  return models.filter(({ project_id }) => atLeast(held.get(project_id), 'write'));
}

/** A page of the models that the caller may read. */
async function listReadable(context: AdminContext, request: FastifyRequest, query: ModelQuery): Promise<ModelList> {
  const page = toPageQuery(query);
  const models = await readVisible(
    page,
    each => context.store.read.listModels(each, undefined, filterOf(query)),
    ({ project_id }) => holds(context, request, project_id, 'read'),
    ({ model_id }) => model_id,
  );
  return shownPage(context, request, models, page);
}

function filterOf({ auth_enabled, auth_shadow, state }: ModelQuery): ModelFilter {
  return { auth_enabled, auth_shadow, state };
}

function shownPage(
  context: AdminContext,
  request: FastifyRequest,
  found: readonly ModelRecord[],
  page: PageQuery,
): ModelList {
  const models = pageOf(found, page, ({ model_id }) => model_id);
  return {
    models: models.shown.map(each => shown(context, request, each)),
    next_page_token: models.next_page_token,
  };
}

function shown(context: AdminContext, request: FastifyRequest, record: ModelRecord) {
  return toModel(record, holds(context, request, record.project_id, 'write'));
}
