import type { FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf } from '../context.ts';
import type { Denial } from '../denial.ts';
import { holdsText, pageOf, readNumberToken } from '../lists/paging.ts';
import { type DenialQuery, denialList, denialQuery, toDenial } from '../schemas/denials.ts';
import { holds, whoMay } from '../who-may.ts';

/** "Why was I refused?": the last refused calls, for site admins, and for project admins those of their models (B48). */
export function denialRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/denials',
    {
      schema: {
        summary: 'Lists calls that were refused lately, newest first unless told otherwise.',
        description:
          'The last 10,000 of this process: a site admin sees all, anybody else those of models of projects that they hold `admin` on. Every filter narrows.',
        'x-who-may': whoMay.anyUser,
        querystring: denialQuery,
        response: { 200: denialList },
      },
    },
    async (request: FastifyRequest<{ Querystring: DenialQuery }>) => {
      const { page_size, page_token, sort = '-at' } = request.query;
      const newestFirst = sort === '-at';
      const after = page_token ? readNumberToken(page_token, sort) : undefined;
      const isLater = (id: number) => after === undefined || (newestFirst ? id < after : id > after);
      const found = context
        .denials()
        .filter(denial => isLater(denial.id) && matches(denial, request.query) && mayBeSeen(context, request, denial));
      const page = { limit: page_size + 1, sort: { field: 'at', descending: newestFirst } };
      const { shown, next_page_token } = pageOf(newestFirst ? found : found.reverse(), page, ({ id }) => String(id));
      return { denials: shown.map(toDenial), next_page_token };
    },
  );
}

/** A call that reached no model is no project's affair. */
function mayBeSeen(context: AdminContext, request: FastifyRequest, { projectId }: Denial): boolean {
  return callerOf(request).site_admin || (projectId !== undefined && holds(context, request, projectId, 'admin'));
}

function matches(denial: Denial, query: DenialQuery): boolean {
  const { request_id, model_id, project_id, key_id, reason, search_filter } = query;
  const wanted = [
    [request_id, denial.requestId],
    [model_id, denial.modelId],
    [project_id, denial.projectId],
    [key_id, denial.keyId],
    [reason, denial.reason],
  ];
  const isWanted = wanted.every(([asked, is]) => asked === undefined || asked === is);
  return isWanted && holdsText([...wanted.map(([, is]) => is), denial.callerAddress], search_filter);
}
