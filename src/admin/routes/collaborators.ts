import { z } from 'zod';
import { fieldError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, change } from '../context.ts';
import { collaboratorPage } from '../lists/collaborator-pages.ts';
import { toPageQuery } from '../lists/paging.ts';
import {
  collaborator,
  collaboratorList,
  collaboratorPath,
  collaboratorQuery,
  newCollaborator,
  newTeamCollaborator,
  teamCollaborator,
  teamCollaboratorPath,
} from '../schemas/collaborators.ts';
import { projectPath } from '../schemas/models.ts';
import { onProject, whoMay } from '../who-may.ts';

/** Who was added to a project: users, applications and teams. Its owner needs no place here. */
export function collaboratorRoutes(server: ApiServer, context: AdminContext): void {
  listRoute(server, context);
  principalRoutes(server, context);
  teamRoutes(server, context);
}

function listRoute(server: ApiServer, context: AdminContext): void {
  server.get(
    '/projects/:project_id/collaborators',
    {
      onRequest: onProject(context, 'admin'),
      schema: {
        summary: 'Lists the users, applications and teams that were added to a project.',
        description: 'Its owner needs no place here.',
        'x-who-may': whoMay.admin,
        params: projectPath,
        querystring: collaboratorQuery,
        response: { 200: collaboratorList },
      },
    },
    async request => collaboratorPage(context.store.read, request.params.project_id, toPageQuery(request.query)),
  );
}

function principalRoutes(server: ApiServer, context: AdminContext): void {
  const path = '/projects/:project_id/collaborators/:username';
  const onRequest = onProject(context, 'admin');
  server.put(
    path,
    {
      onRequest,
      schema: {
        summary: 'Adds a user or an application to a project, or changes its permission.',
        'x-who-may': whoMay.admin,
        params: collaboratorPath,
        body: newCollaborator,
        response: { 200: collaborator },
      },
    },
    async (request, reply) => {
      const { project_id, username } = request.params;
      const { permission } = request.body;
      const kind = await change(context, request, reply, async writes => {
        await writes.putCollaborator(project_id, username, permission);
        return (await writes.findPrincipals([username])).get(username)?.kind ?? 'user';
      });
      return { username, kind, permission };
    },
  );

  server.delete(
    path,
    {
      onRequest,
      schema: {
        summary: 'Takes a user or an application from a project.',
        description: 'It keeps what it holds as owner or through a team.',
        'x-who-may': whoMay.admin,
        params: collaboratorPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { project_id, username } = request.params;
      await change(context, request, reply, writes => writes.deleteCollaborator(project_id, username));
      return reply.code(204).send(null);
    },
  );
}

function teamRoutes(server: ApiServer, context: AdminContext): void {
  const path = '/projects/:project_id/team_collaborators/:team';
  const onRequest = onProject(context, 'admin');
  server.put(
    path,
    {
      onRequest,
      schema: {
        summary: 'Adds a team to a project, or changes how.',
        description: 'A `permission` is asked for with the mode `override`.',
        'x-who-may': whoMay.admin,
        params: teamCollaboratorPath,
        body: newTeamCollaborator,
        response: { 200: teamCollaborator },
      },
    },
    async (request, reply) => {
      const { project_id, team } = request.params;
      const { mode, permission = 'read' } = request.body;
      if (mode === 'override' && request.body.permission === undefined) {
        throw fieldError('permission', 'is needed with mode override: it is what every member of the team gets');
      }
      await change(context, request, reply, writes => writes.putTeamCollaborator(project_id, team, mode, permission));
      return { team, mode, permission };
    },
  );

  server.delete(
    path,
    {
      onRequest,
      schema: {
        summary: 'Takes a team from a project.',
        'x-who-may': whoMay.admin,
        params: teamCollaboratorPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { project_id, team } = request.params;
      await change(context, request, reply, writes => writes.deleteTeamCollaborator(project_id, team));
      return reply.code(204).send(null);
    },
  );
}
