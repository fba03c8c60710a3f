import type { FastifyRequest } from 'fastify';
import type { Permission } from '../changes/change-set.ts';
import { atLeast } from '../changes/permission-ranks.ts';
import type { ModelRecord } from '../store/records.ts';
import type { Reads } from '../store/store.ts';
import { ApiError, notFound } from './api-error.ts';
import { type AdminContext, callerOf } from './context.ts';

/** Who may do what. A route that asks none of these is open to any signed-in user. */

/** In words, for the API's documents: each route names one of these, and a test holds every role against it. */
export const whoMay = {
  siteAdmin: 'a site admin',
  itself: 'the user itself',
  applicationOwner: "the application's owner",
  teamMember: 'a member of the team',
  teamAdmin: 'an admin of the team',
  read: '`read` on the project',
  write: '`write` on the project',
  admin: '`admin` on the project',
  anyUser: 'any user',
  inItsName: 'the user itself, and a site admin for users who are none',
  session: 'whoever is signed in to a browser session',
  signIn: 'whoever holds a legacy key or a sign-in link',
  linkHolder: 'whoever holds a sign-in link',
  apiKey: 'whoever holds an API key',
  anyone: 'anyone, without a credential',
} as const;

declare module 'fastify' {
  interface FastifySchema {
    /** Told in the API's documents. A site admin passes everywhere where users do. */
    'x-who-may'?: (typeof whoMay)[keyof typeof whoMay];
  }
}

/** Hooks of routes: they run before the body is read, so that nobody makes the server read what it then refuses. */
export async function siteAdminOnly(request: FastifyRequest): Promise<void> {
  demand(request, () => {
    if (!callerOf(request).site_admin) {
      throw new ApiError('permission_denied', 'only a site admin may do this');
    }
  });
}

/** A user may act on itself, a site admin on anybody; the path names the user. */
export async function selfOrSiteAdmin(request: FastifyRequest): Promise<void> {
  const { username } = request.params as { readonly username: string };
  demand(request, () => {
    const caller = callerOf(request);
    if (caller.username !== username && !caller.site_admin) {
      throw new ApiError('permission_denied', 'only the user itself or a site admin may do this');
    }
  });
}

/** Only a site admin may name somebody else where a list is of what one has; `what` ends the sentence that refuses it. */
export function requireOwnName(request: FastifyRequest, name: string | undefined, what: string): void {
  const { site_admin, username } = callerOf(request);
  if (name !== undefined && name !== username && !site_admin) {
    throw new ApiError('permission_denied', `only a site admin may ${what}`);
  }
}

/**
 * What lets somebody act as a user, such as a key or a sign-in link, the user itself may make, and a site admin for everybody
 * but another site admin: nobody acts in the name of an equal (B35).
 */
export function inNameOfUser({ store }: AdminContext) {
  return async (request: FastifyRequest): Promise<void> => {
    await selfOrSiteAdmin(request);
    const { username } = request.params as { readonly username: string };
    const check = async (reads: Reads) => {
      if (callerOf(request).username !== username && (await reads.findUser(username))?.site_admin) {
        throw new ApiError(
          'permission_denied',
          'only this site admin itself may do this: nobody acts in the name of another site admin; whom nothing signs in any more must cease to be one first',
        );
      }
    };
    await check(store.read);
    request.demands.push(check);
  };
}

/** A site admin may say who somebody is at the provider; of another site admin nobody but that one may: it could sign in as it. */
export function identityLinker(context: AdminContext) {
  const notOfAnEqual = inNameOfUser(context);
  return async (request: FastifyRequest): Promise<void> => {
    await siteAdminOnly(request);
    await notOfAnEqual(request);
  };
}

/** The owner of an application may act on it, a site admin on any; for others it is not there. */
export function applicationOwnerOrSiteAdmin({ store }: AdminContext) {
  return async (request: FastifyRequest): Promise<void> => {
    const { name } = request.params as { readonly name: string };
    // Who owns it is read anew each time: it may have got another owner meanwhile.
    const check = async (reads: Reads) => {
      const { username, site_admin } = callerOf(request);
      const application = await reads.findApplication(name);
      if (!application || (application.owner !== username && !site_admin)) {
        throw notFound(`application ${name}`);
      }
    };
    await check(store.read);
    request.demands.push(check);
  };
}

/** Must hold now, and again inside the transaction of a change. */
function demand(request: FastifyRequest, check: () => void): void {
  check();
  request.demands.push(check);
}

/** What the caller holds on a project, for answers; a site admin holds everything on the admin plane. */
export function heldOn(context: AdminContext, request: FastifyRequest, projectId: string): Permission | undefined {
  const { site_admin, username } = callerOf(request);
  return site_admin ? 'admin' : context.permissionOn(projectId, username);
}

export function holds(context: AdminContext, request: FastifyRequest, projectId: string, wanted: Permission): boolean {
  return atLeast(heldOn(context, request, projectId), wanted);
}

/** The same for a change, by what its own transaction reads (T52). */
export async function heldFor(
  context: AdminContext,
  request: FastifyRequest,
  reads: Reads,
  projectId: string,
): Promise<Permission | undefined> {
  const { site_admin, username } = callerOf(request);
  return site_admin ? 'admin' : context.storedPermission(reads, projectId, username);
}

/**
 * A project that the caller may not even read is not there for it. Asked of the snapshot before the body is read, and
 * again of the transaction of a change: the snapshot stands behind every write that waits for its turn (T52).
 */
export async function requireOnProject(
  context: AdminContext,
  request: FastifyRequest,
  projectId: string,
  wanted: Permission,
): Promise<void> {
  const require = async (reads: Reads, held: Permission | undefined) => {
    if (!atLeast(held, 'read') || !(await reads.findProject(projectId))) {
      throw notFound(`project ${projectId}`);
    }
    if (!atLeast(held, wanted)) {
      throw new ApiError('permission_denied', `this takes the permission ${wanted} on project ${projectId}`);
    }
  };
  await require(context.store.read, heldOn(context, request, projectId));
  request.demands.push(async reads => require(reads, await heldFor(context, request, reads, projectId)));
}

/** The same as a hook of routes under a project. */
export function onProject(context: AdminContext, wanted: Permission): (request: FastifyRequest) => Promise<void> {
  return async request => {
    const { project_id } = request.params as { readonly project_id: string };
    await requireOnProject(context, request, project_id, wanted);
  };
}

/** Whether the caller is an admin of a team, which manages it, as a change's own transaction knows it; a site admin manages every one. */
export async function managesTeam(request: FastifyRequest, reads: Reads, team: string): Promise<boolean> {
  const { site_admin, username } = callerOf(request);
  return site_admin || (await reads.findTeamMember(team, username)) === 'admin';
}

/** A team that the caller is no member of is not there for it; to change one takes its admin. Asked twice, as of a project. */
export function onTeam(context: AdminContext, wanted: 'member' | 'admin'): (request: FastifyRequest) => Promise<void> {
  return async request => {
    const { team } = request.params as { readonly team: string };
    const require = async (reads: Reads, inTeam: Permission | undefined) => {
      const held = callerOf(request).site_admin ? 'admin' : inTeam;
      if (held === undefined || !(await reads.findTeam(team))) {
        throw notFound(`team ${team}`);
      }
      if (wanted === 'admin' && held !== 'admin') {
        throw new ApiError('permission_denied', `this takes the permission admin in team ${team}`);
      }
    };
    const { username } = callerOf(request);
    await require(context.store.read, context.permissionInTeam(team, username));
    request.demands.push(async reads => require(reads, await reads.findTeamMember(team, username)));
  };
}

/** The model of a project that the caller holds the permission on; inside the transaction of a change it must be there still. */
export async function requireModel(
  context: AdminContext,
  request: FastifyRequest,
  { project_id, model_id }: { readonly project_id: string; readonly model_id: string },
  wanted: Permission,
): Promise<ModelRecord> {
  await requireOnProject(context, request, project_id, wanted);
  const find = async (reads: Reads): Promise<ModelRecord> => {
    const model = await reads.findModel(model_id);
    if (model?.project_id !== project_id) {
      throw notFound(`model ${model_id} in project ${project_id}`);
    }
    return model;
  };
  // While a change waits for its turn, the id may pass to a model of another project.
  request.demands.push(async reads => void (await find(reads)));
  return find(context.store.read);
}
