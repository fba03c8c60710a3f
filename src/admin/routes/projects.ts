import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { makeId } from '../../keys/access-key.ts';
import type { ProjectRecord } from '../../store/records.ts';
import type { Reads, Writes } from '../../store/store.ts';
import { ApiError, fieldError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { pageOf, readAll, readVisible, toPageQuery } from '../lists/paging.ts';
import { requireOwner } from '../project-owner.ts';
import { makerOf, requireRoom } from '../quotas.ts';
import { projectPath } from '../schemas/models.ts';
import {
  fromOwner,
  newProject,
  project,
  projectChanges,
  projectDeletion,
  projectList,
  projectQuery,
  toProject,
} from '../schemas/projects.ts';
import { heldOn, holds, onProject, requireOwnName, whoMay } from '../who-may.ts';

/** Projects: any user may have some; who may do what on one is the rule that checks use. */
export function projectRoutes(server: ApiServer, context: AdminContext): void {
  listRoute(server, context);
  createRoute(server, context);
  oneProjectRoutes(server, context);
  deleteRoute(server, context);
}

function listRoute(server: ApiServer, context: AdminContext): void {
  server.get(
    '/projects',
    {
      schema: {
        summary: 'Lists the projects that the caller may read.',
        'x-who-may': whoMay.anyUser,
        querystring: projectQuery,
        response: { 200: projectList },
      },
    },
    async request => {
      const { visibility, owner: owner_user, owner_team, collaborator } = request.query;
      // Who was added to a project is for its admins to know.
      requireOwnName(request, collaborator, 'ask for the projects of somebody else');
      const page = toPageQuery(request.query);
      const found = await readVisible(
        page,
        each => context.store.read.listProjects(each, { visibility, owner_user, owner_team, collaborator }),
        ({ project_id }) => holds(context, request, project_id, 'read'),
        ({ project_id }) => project_id,
      );
      const projects = pageOf(found, page, ({ project_id }) => project_id);
      return {
        projects: projects.shown.map(each => ({
          ...shown(context, request, each),
          ...(collaborator !== undefined && {
            collaborator_permission: context.permissionOn(each.project_id, collaborator) ?? null,
          }),
        })),
        next_page_token: projects.next_page_token,
      };
    },
  );
}

function createRoute(server: ApiServer, context: AdminContext): void {
  server.post(
    '/projects',
    {
      schema: {
        summary: 'Makes a project.',
        description:
          'Owned by the caller, or by a team that the caller is an admin of; only a site admin may name another owner, or take the id of a project that was deleted.',
        'x-who-may': whoMay.anyUser,
        body: newProject,
        response: { 201: project },
      },
    },
    async (request, reply) => {
      const { project_id = makeId(), name = project_id, owner: wanted } = request.body;
      const owner = wanted ?? { username: callerOf(request).username };
      const visibility = request.body.visibility ?? ('team' in owner ? 'organization' : 'private');
      const record: ProjectRecord = { project_id, name, visibility, ...fromOwner(owner), created_at: context.now() };
      await change(context, request, reply, async writes => {
        await requireOwner(request, writes, owner, 'new');
        await requireRoom(context, request, writes, { kind: 'projects', owner: callerOf(request).username });
        refuseClosed(record, request);
        await refuseUsedId(writes, record.project_id, request);
        await writes.insertProject(record, makerOf(request));
      });
      return reply.code(201).send(shown(context, request, record));
    },
  );
}

function oneProjectRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/projects/:project_id',
    {
      onRequest: onProject(context, 'read'),
      schema: {
        summary: 'Shows a project.',
        'x-who-may': whoMay.read,
        params: projectPath,
        response: { 200: project },
      },
    },
    async request => shown(context, request, await existing(context.store.read, request.params.project_id)),
  );

  server.patch(
    '/projects/:project_id',
    {
      onRequest: onProject(context, 'admin'),
      schema: {
        summary: 'Changes a project.',
        description: 'A new owner must be one that the caller may name.',
        'x-who-may': whoMay.admin,
        params: projectPath,
        body: projectChanges,
        response: { 200: project },
      },
    },
    async (request, reply) => {
      const { project_id } = request.params;
      const { owner, ...rest } = request.body;
      const changed = await change(context, request, reply, async writes => {
        if (owner) {
          await requireOwner(request, writes, owner, 'transferred');
        }
        const changes = { ...rest, ...(owner && fromOwner(owner)) };
        await writes.updateProject(project_id, changes as Parameters<Writes['updateProject']>[1]);
        return existing(writes, project_id);
      });
      return shown(context, request, changed);
    },
  );
}

function deleteRoute(server: ApiServer, context: AdminContext): void {
  server.delete(
    '/projects/:project_id',
    {
      onRequest: onProject(context, 'admin'),
      schema: {
        summary: 'Deletes a project.',
        description: 'One that has models is refused unless `cascade` is said.',
        'x-who-may': whoMay.admin,
        params: projectPath,
        querystring: projectDeletion,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { project_id } = request.params;
      await change(context, request, reply, async writes => {
        if (request.query.cascade === 'true') {
          await deleteModels(writes, project_id);
        }
        await writes.deleteProject(project_id);
      });
      return reply.code(204).send(null);
    },
  );
}

/** A project that its own maker could not even see is a slip of the pen. */
function refuseClosed({ owner_team, visibility }: ProjectRecord, request: FastifyRequest): void {
  if (owner_team !== null && visibility === 'private' && !callerOf(request).site_admin) {
    const why =
      "a team's private project is open to its collaborators only, and a new one has none: choose organization";
    throw fieldError('visibility', why);
  }
}

/** Audit and metadata go by the id, so who takes up a deleted project's id would be taken for it. */
async function refuseUsedId(reads: Reads, projectId: string, request: FastifyRequest): Promise<void> {
  const isGone = (await reads.findProject(projectId)) === undefined;
  if (isGone && !callerOf(request).site_admin && (await reads.wasProject(projectId))) {
    const why = `${projectId} was the id of a project that is deleted: choose another, or let a site admin make it`;
    throw new ApiError('already_exists', why, [{ field: 'project_id', description: why }]);
  }
}

async function deleteModels(writes: Writes, projectId: string): Promise<void> {
  const models = await readAll(
    page => writes.listModels(page, [projectId]),
    ({ model_id }) => model_id,
  );
  for (const { model_id } of models) {
    await writes.deleteModel(model_id);
  }
}

async function existing(reads: Reads, projectId: string): Promise<ProjectRecord> {
  return (await reads.findProject(projectId)) as ProjectRecord;
}

function shown(context: AdminContext, request: FastifyRequest, record: ProjectRecord) {
  return toProject(record, heldOn(context, request, record.project_id) ?? null);
}
