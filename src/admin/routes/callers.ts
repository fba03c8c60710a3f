import type { ApiServer } from '../api-server-type.ts';
import type { AdminContext } from '../context.ts';
import { pageOf, toPageQuery } from '../lists/paging.ts';
import {
  modelPath,
  recentCallers,
  shadowDenialList,
  shadowDenialQuery,
  toShadowCount,
  toShadowDenial,
} from '../schemas/models.ts';
import { requireModel, whoMay } from '../who-may.ts';

/** How far back callers are looked for. */
const recentDays = 7;
const dayMs = 86_400_000;

/** Whom a change of a model would break: its recent callers, and those that shadow would refuse (B45). */
export function callerRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/projects/:project_id/models/:model_id/shadow_denials',
    {
      schema: {
        summary: "Lists whom enabling a model's authentication would break.",
        description:
          'Counted while `auth_shadow` is on and authentication off, anew each time that this begins: the answer says whether and since when, and of how many calls.',
        'x-who-may': whoMay.admin,
        params: modelPath,
        querystring: shadowDenialQuery,
        response: { 200: shadowDenialList },
      },
    },
    async request => {
      const model = await requireModel(context, request, request.params, 'admin');
      const { model_id } = model;
      await context.flushShadowDenials();
      const page = toPageQuery({ ...request.query, sort: request.query.sort ?? '-last_at' });
      const found = await context.store.read.listShadowDenials(model_id, page);
      const { shown, next_page_token } = pageOf(found, page, ({ id }) => String(id));
      const counted = toShadowCount(model, await context.store.read.findShadowCount(model_id));
      return { ...counted, shadow_denials: shown.map(toShadowDenial), next_page_token };
    },
  );

  server.get(
    '/projects/:project_id/models/:model_id/recent_callers',
    {
      schema: {
        summary: "Counts who used a model's access key lately, with an API key.",
        description: 'A key counts for the model that it was last used for. Callers without an API key are not known.',
        'x-who-may': whoMay.write,
        params: modelPath,
        response: { 200: recentCallers },
      },
    },
    async request => {
      const { model_id } = await requireModel(context, request, request.params, 'write');
      await context.flushKeyUses();
      const since = context.now() - recentDays * dayMs;
      return { days: recentDays, callers: await context.store.read.countCallers(model_id, since) };
    },
  );
}
