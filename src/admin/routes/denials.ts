import type { FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, type Denial } from '../context.ts';
import { nextPageToken, readNumberToken } from '../paging.ts';
import { type DenialQuery, denialList, denialQuery, toDenial } from '../schemas/denials.ts';
import { holds, whoMay } from '../who-may.ts';

/** "Why was I refused?": the last refused calls, for site admins, and for project admins those of their models (B48). */
export function denialRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/denials',
    {
      schema: {
        summary: 'Lists calls that were refused lately, newest first.',
        description:
          'The last 10,000 of this process: a site admin sees all, anybody else those of models of projects that they hold `admin` on. Every filter narrows.',
        'x-who-may': whoMay.anyUser,
        querystring: denialQuery,
        response: { 200: denialList },
      },
    },
    async (request: FastifyRequest<{ Querystring: DenialQuery }>) => {
      const { page_size, page_token } = request.query;
      const before = page_token ? readNumberToken(page_token) : Number.POSITIVE_INFINITY;
      const found = context
        .denials()
        .filter(denial => denial.id < before && matches(denial, request.query) && mayBeSeen(context, request, denial))
        .slice(0, page_size);
      const next_page_token = nextPageToken(found, { limit: page_size }, ({ id }) => String(id));
      return { denials: found.map(toDenial), next_page_token };
    },
  );
}

/** A call that reached no model is no project's affair. */
function mayBeSeen(context: AdminContext, request: FastifyRequest, { projectId }: Denial): boolean {
  return callerOf(request).site_admin || (projectId !== undefined && holds(context, request, projectId, 'admin'));
}

function matches(denial: Denial, { request_id, model_id, project_id, key_id, reason }: DenialQuery): boolean {
  const wanted = [
    [request_id, denial.requestId],
    [model_id, denial.modelId],
    [project_id, denial.projectId],
    [key_id, denial.keyId],
    [reason, denial.reason],
  ];
  return wanted.every(([asked, is]) => asked === undefined || asked === is);
}
