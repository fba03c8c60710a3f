import type { FastifyRequest } from 'fastify';
import type { Reads } from '../store/store.ts';
import { ApiError, fieldError } from './api-error.ts';
import { callerOf } from './context.ts';
import type { ProjectOwner } from './schemas/projects.ts';
import { managesTeam } from './who-may.ts';

/**
 * Who may be made the owner of a project. A new one is the caller's own or that of a team that it manages;
 * one that the caller administers may be given to any active user. A site admin may name anybody.
 */
export async function requireOwner(
  request: FastifyRequest,
  reads: Reads,
  owner: ProjectOwner,
  how: 'new' | 'transferred',
): Promise<void> {
  if ('team' in owner) {
    await requireOwningTeam(request, reads, owner.team);
    return;
  }
  const { username } = owner;
  const caller = callerOf(request);
  if (how === 'new' && username !== caller.username && !caller.site_admin) {
    throw new ApiError('permission_denied', 'only a site admin may make a project for somebody else');
  }
  const user = await reads.findUser(username);
  if (!user || user.deactivated) {
    throw fieldError('owner.username', user ? `${username} is deactivated` : `there is no user ${username}`);
  }
}

/** Teams of others are not told from teams that are not there. */
async function requireOwningTeam(request: FastifyRequest, reads: Reads, team: string): Promise<void> {
  if (!(await managesTeam(request, reads, team))) {
    throw new ApiError('permission_denied', `only an admin of team ${team} or a site admin may give it a project`);
  }
  if (!(await reads.findTeam(team))) {
    throw fieldError('owner.team', `there is no team ${team}`);
  }
}
