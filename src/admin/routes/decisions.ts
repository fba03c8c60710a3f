import type { FastifyRequest } from 'fastify';
import type { ApiKeyRecord } from '../../store/records.ts';
import type { Reads } from '../../store/store.ts';
import { ApiError, fieldError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, type DescribedCall } from '../context.ts';
import { type ExplainRequest, explainRequest, explanation } from '../schemas/decisions.ts';
import { holds, whoMay } from '../who-may.ts';

/** Why a call is let through or refused, rule by rule; for who administers the model's project. */
export function decisionRoutes(server: ApiServer, context: AdminContext): void {
  server.post(
    '/decisions::explain',
    {
      schema: {
        summary: 'Explains why a call would be let through or refused, rule by rule.',
        description:
          'The call is described in the body; it is not made, and nothing is changed or counted. Only a site admin may ask about a call that reaches no model.',
        'x-who-may': whoMay.admin,
        body: explainRequest,
        response: { 200: explanation },
      },
    },
    async request => {
      const { call, fault } = await describe(context, request);
      const explained = context.explain(call);
      requireOwnModel(context, request, explained.project_id);
      if (fault) {
        throw fault;
      }
      return explained;
    },
  );
}

/** One answer for a foreign model and for none at all, so that nobody tries out access keys here. */
function requireOwnModel(context: AdminContext, request: FastifyRequest, projectId: string | null): void {
  if (!callerOf(request).site_admin && (projectId === null || !holds(context, request, projectId, 'admin'))) {
    throw new ApiError(
      'permission_denied',
      'this call reaches no model of a project that you administer; a site admin can explain any call',
    );
  }
}

interface Described {
  readonly call: DescribedCall;
  /** What the description names and is not there: told only to those who may ask at all. */
  readonly fault: ApiError | undefined;
}

async function describe(
  context: AdminContext,
  asking: FastifyRequest & { readonly body: ExplainRequest },
): Promise<Described> {
  const { model_id, key_id, request, pin, at, access_key, api_key } = asking.body;
  const { read } = context.store;
  const model = model_id === undefined ? undefined : await read.findModel(model_id);
  const found = key_id === undefined ? undefined : (await read.findApiKeys([key_id])).get(key_id);
  await context.flushKeyUses();
  const key = key_id === undefined ? undefined : await read.findApiKey(key_id);
  const isSeen = key !== undefined && (await maySee(context, asking, key, model?.project_id));
  const stored = isSeen ? found : undefined;
  const accessKey = model?.access_key ?? access_key;
  const headers = {
    ...(accessKey === undefined ? {} : { 'x-model-access-key': accessKey }),
    ...(api_key === undefined ? {} : { authorization: `Bearer ${api_key}` }),
  };
  return {
    call: { path: '/model', headers, body: '', ...request, pin, at, apiKeyDigest: stored?.digest },
    fault:
      model_id !== undefined && !model
        ? fieldError('model_id', `there is no model ${model_id}`)
        : key_id !== undefined && !stored
          ? fieldError('key_id', `there is no API key ${key_id}: it was deleted, or never made`)
          : undefined,
  };
}

/**
 * Whose keys one may ask about: Key IDs stand in headers and logs, and must not tell everybody their owners. A key of
 * somebody who has no place on the model's project and did not call it last, and is no application of the caller's, is as one
 * that is not there. That a project is public gives nobody a place: anybody can make one.
 */
async function maySee(
  { store: { read } }: AdminContext,
  request: FastifyRequest,
  { principal, last_used_model }: ApiKeyRecord,
  projectId: string | undefined,
): Promise<boolean> {
  const { username, site_admin } = callerOf(request);
  if (site_admin || principal === username || (await read.findApplication(principal))?.owner === username) {
    return true;
  }
  const called = last_used_model === null ? undefined : await read.findModel(last_used_model);
  return projectId !== undefined && (called?.project_id === projectId || (await hasPlace(read, projectId, principal)));
}

/** As owner, by name or through a team, whatever the project's visibility gives to others. */
async function hasPlace(reads: Reads, projectId: string, principal: string): Promise<boolean> {
  const project = await reads.findProject(projectId);
  if (!project) {
    return false;
  }
  const { collaborator, teams } = await reads.findStanding(projectId, principal);
  const { owner_user, owner_team } = project;
  const isOwner =
    owner_team === null ? owner_user === principal : (await reads.findTeamMember(owner_team, principal)) !== undefined;
  return collaborator !== undefined || teams.length > 0 || isOwner;
}
