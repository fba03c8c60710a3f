import type { ApiServer } from '../api-server-type.ts';
import type { AdminContext } from '../context.ts';
import { nextPageToken, toPageQuery } from '../paging.ts';
import { modelPath, shadowDenialList, shadowDenialQuery, toShadowDenial } from '../schemas/models.ts';
import { requireModel, whoMay } from '../who-may.ts';

/** Whom enabling a model's authentication would break (B45). */
export function shadowDenialRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/projects/:project_id/models/:model_id/shadow_denials',
    {
      schema: {
        summary: "Lists whom enabling a model's authentication would break.",
        description: 'Counted since `auth_shadow` was switched on.',
        'x-who-may': whoMay.admin,
        params: modelPath,
        querystring: shadowDenialQuery,
        response: { 200: shadowDenialList },
      },
    },
    async request => {
      const { model_id } = await requireModel(context, request, request.params, 'admin');
      await context.flushShadowDenials();
      const page = toPageQuery({ ...request.query, sort: request.query.sort ?? '-last_at' });
      const found = await context.store.read.listShadowDenials(model_id, page);
      return {
        shadow_denials: found.map(toShadowDenial),
        next_page_token: nextPageToken(found, page, ({ id }) => String(id)),
      };
    },
  );
}
