import type { FastifyRequest } from 'fastify';
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
      const { call, fault } = await describe(context, request.body);
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

async function describe({ store }: AdminContext, asked: ExplainRequest): Promise<Described> {
  const { model_id, key_id, request, pin, at } = asked;
  const model = model_id === undefined ? undefined : await store.read.findModel(model_id);
  const stored = key_id === undefined ? undefined : (await store.read.findApiKeys([key_id])).get(key_id);
  const accessKey = model?.access_key ?? asked.access_key;
  const headers = {
    ...(accessKey === undefined ? {} : { 'x-model-access-key': accessKey }),
    ...(asked.api_key === undefined ? {} : { authorization: `Bearer ${asked.api_key}` }),
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
