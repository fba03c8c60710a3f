import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TeamRecord } from '../../store/records.ts';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { pageOf, toPageQuery } from '../lists/paging.ts';
import { makerOf, requireRoom } from '../quotas.ts';
import {
  newTeam,
  newTeamMember,
  team,
  teamList,
  teamMember,
  teamMemberPath,
  teamMemberQuery,
  teamPath,
  teamQuery,
  teamWithMembers,
  toTeam,
} from '../schemas/teams.ts';
import { requireActiveUser } from '../site-users.ts';
import { onTeam, requireOwnName, whoMay } from '../who-may.ts';

/** Teams: seen by their members, managed by their admins; one that has no admin, by site admins alone. */
export function teamRoutes(server: ApiServer, context: AdminContext): void {
  listRoute(server, context);
  createRoute(server, context);
  oneTeamRoutes(server, context);
  memberRoutes(server, context);
}

function listRoute(server: ApiServer, context: AdminContext): void {
  server.get(
    '/teams',
    {
      schema: {
        summary: 'Lists teams.',
        description: 'A site admin sees all, anybody else those that they are a member of.',
        'x-who-may': whoMay.anyUser,
        querystring: teamQuery,
        response: { 200: teamList },
      },
    },
    async request => {
      const { site_admin, username } = callerOf(request);
      const { member = site_admin ? undefined : username } = request.query;
      requireOwnName(request, member, 'ask for the teams of somebody else');
      const page = toPageQuery(request.query);
      const { shown, next_page_token } = pageOf(
        await context.store.read.listTeams(page, member),
        page,
        each => each.team,
      );
      return { teams: shown.map(toTeam), next_page_token };
    },
  );
}

function createRoute(server: ApiServer, context: AdminContext): void {
  server.post(
    '/teams',
    {
      schema: {
        summary: 'Makes a team.',
        description: 'Its first admin is the caller; only a site admin may name another.',
        'x-who-may': whoMay.anyUser,
        body: newTeam,
        response: { 201: team },
      },
    },
    async (request, reply) => {
      const record: TeamRecord = { team: request.body.team, created_at: context.now() };
      await change(context, request, reply, async writes => {
        const admin = firstAdmin(request, request.body.admin);
        await requireRoom(context, request, writes, { kind: 'teams', owner: callerOf(request).username });
        await writes.insertTeam(record, makerOf(request));
        if (admin !== undefined) {
          await requireActiveUser(writes, admin);
          await writes.putTeamMember(record.team, admin, 'admin');
        }
      });
      return reply.code(201).send(toTeam(record));
    },
  );
}

/** Managing everything, a site admin needs no place in a team, and would get a right to call models by it. */
function firstAdmin(request: FastifyRequest, wanted: string | undefined): string | undefined {
  const { site_admin, username } = callerOf(request);
  if (wanted !== undefined && wanted !== username && !site_admin) {
    throw new ApiError('permission_denied', "only a site admin may name another user as a new team's admin");
  }
  return wanted ?? (site_admin ? undefined : username);
}

function oneTeamRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/teams/:team',
    {
      onRequest: onTeam(context, 'member'),
      schema: {
        summary: 'Shows a team with a page of its members.',
        'x-who-may': whoMay.teamMember,
        params: teamPath,
        querystring: teamMemberQuery,
        response: { 200: teamWithMembers },
      },
    },
    async request => {
      const page = toPageQuery(request.query);
      const found = (await context.store.read.findTeam(request.params.team)) as TeamRecord;
      const members = await context.store.read.listTeamMembers(found.team, page);
      const { shown, next_page_token } = pageOf(members, page, ({ username }) => username);
      return { ...toTeam(found), members: shown, next_page_token };
    },
  );

  server.delete(
    '/teams/:team',
    {
      onRequest: onTeam(context, 'admin'),
      schema: {
        summary: 'Deletes a team.',
        description: 'One that owns a project is refused.',
        'x-who-may': whoMay.teamAdmin,
        params: teamPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await change(context, request, reply, writes => writes.deleteTeam(request.params.team));
      return reply.code(204).send(null);
    },
  );
}

function memberRoutes(server: ApiServer, context: AdminContext): void {
  const path = '/teams/:team/members/:username';
  const onRequest = onTeam(context, 'admin');
  server.put(
    path,
    {
      onRequest,
      schema: {
        summary: 'Adds a user to a team, or changes its permission.',
        'x-who-may': whoMay.teamAdmin,
        params: teamMemberPath,
        body: newTeamMember,
        response: { 200: teamMember },
      },
    },
    async (request, reply) => {
      const { team: name, username } = request.params;
      const { permission } = request.body;
      await change(context, request, reply, writes => writes.putTeamMember(name, username, permission));
      return { username, permission };
    },
  );

  server.delete(
    path,
    {
      onRequest,
      schema: {
        summary: 'Takes a user from a team.',
        'x-who-may': whoMay.teamAdmin,
        params: teamMemberPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { team: name, username } = request.params;
      await change(context, request, reply, writes => writes.deleteTeamMember(name, username));
      return reply.code(204).send(null);
    },
  );
}
