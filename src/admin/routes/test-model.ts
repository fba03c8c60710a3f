import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf } from '../context.ts';
import { callGateway } from '../gateway/call-gateway.ts';
import { ofAnswer, ofDecision, ofFault } from '../gateway/to-test-answer.ts';
import { UnderWay } from '../requests/under-way.ts';
import type { Explanation } from '../schemas/decisions.ts';
import { optionalBody } from '../schemas/fields.ts';
import { modelBeforeVerb, modelPath } from '../schemas/models.ts';
import { type TestRequest, testAnswer, testRequest } from '../schemas/test-model.ts';
import { holds, requireModel, whoMay } from '../who-may.ts';

/** Calls of one user that are under way at once: each holds a connection, and a person waits for it. */
const testsOfUserMax = 4;
/** Calls of all: room for many more users than test at once, with at most 16 MiB of answers. */
const testsMax = 64;

/** Makes a call of a model as its callers do, or decides on one where no gateway is configured (B36). */
export function testModelRoute(server: ApiServer, context: AdminContext): void {
  const underWay = new UnderWay();
  server.post(
    `/projects/:project_id/models/${modelBeforeVerb}::test`,
    {
      schema: {
        summary: 'Tests a model, and an API key with it.',
        description:
          'A real call through the gateway of the setting `gateway_url`, which counts like any other; without one the decision alone. Redirects are not followed.',
        'x-who-may': whoMay.read,
        params: modelPath,
        body: optionalBody(testRequest),
        response: { 200: testAnswer },
      },
    },
    async (request, reply) => {
      const model = await requireModel(context, request, request.params, 'read');
      const { gateway_url } = await context.store.read.readSettings();
      const { username } = callerOf(request);
      requireFewer(underWay.of(username), testsOfUserMax, 'tests of yours', reply);
      requireFewer(underWay.all, testsMax, 'tests', reply);
      return underWay.run(username, () => test(context, request, gateway_url, model.access_key));
    },
  );
}

/** Rejects with 429 where as many are under way as may be. */
function requireFewer(count: number, most: number, what: string, reply: FastifyReply): void {
  if (count >= most) {
    reply.header('retry-after', '1');
    throw new ApiError('throttled', `${most} ${what} are under way: wait a moment, and try again`);
  }
}

async function test(context: AdminContext, request: FastifyRequest, gatewayUrl: string, accessKey: string) {
  const { api_key, request: input = {} } = request.body as TestRequest;
  // In the header, which the check takes away before the model: a model that echoes what it got can't tell the key.
  const headers = {
    'x-model-access-key': accessKey,
    ...(api_key === undefined ? {} : { authorization: `Bearer ${api_key}` }),
  };
  const body = JSON.stringify({ request: input });
  const begun = performance.now();
  const decided = context.explain({
    path: '/model',
    headers,
    body,
    pin: undefined,
    apiKeyDigest: undefined,
    at: undefined,
  });
  const answer = gatewayUrl === '' ? undefined : await callGateway({ gatewayUrl, headers, body });
  const duration_ms = Math.round((performance.now() - begun) * 1000) / 1000;
  const keys = api_key === undefined ? [accessKey] : [accessKey, api_key];
  const came =
    answer === undefined ? ofDecision(decided) : 'fault' in answer ? ofFault(answer) : ofAnswer(answer, decided, keys);
  return { ...came, duration_ms, explanation: await forReader(context, request, decided) };
}

/** Who is on a project is shown to its admins; others may see what was looked up about themselves. */
async function forReader(context: AdminContext, request: FastifyRequest, decided: Explanation): Promise<Explanation> {
  const { project_id, principal } = decided;
  if (project_id !== null && holds(context, request, project_id, 'admin')) {
    return decided;
  }
  const isOwn = principal !== null && (await isOfCaller(context, request, principal));
  const isShown = ({ kind, found }: Explanation['steps'][number]['rows'][number]) => {
    switch (kind) {
      case 'collaborator':
        return isOwn;
      case 'team_member':
        return isOwn && found;
      case 'team_collaborator':
        return false;
      default:
        return true;
    }
  };
  return { ...decided, steps: decided.steps.map(step => ({ ...step, rows: step.rows.filter(isShown) })) };
}

async function isOfCaller({ store }: AdminContext, request: FastifyRequest, principal: string): Promise<boolean> {
  const { username } = callerOf(request);
  return principal === username || (await store.read.findApplication(principal))?.owner === username;
}
