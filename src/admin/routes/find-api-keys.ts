import { shownAt } from '../api-keys/new-api-key.ts';
import type { ApiServer } from '../api-server-type.ts';
import type { AdminContext } from '../context.ts';
import { pageOf, toPageQuery } from '../lists/paging.ts';
import { foundApiKeyList, foundApiKeyQuery } from '../schemas/api-keys.ts';
import { siteAdminOnly, whoMay } from '../who-may.ts';

/** Whose a key is, by what is known of its Key ID: whoever finds one in a log or a public place asks that first. */
export function findKeysRoute(server: ApiServer, context: AdminContext): void {
  const { store, now } = context;
  server.get(
    '/v2_keys',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Finds API keys of anybody by how their Key ID begins.',
        'x-who-may': whoMay.siteAdmin,
        querystring: foundApiKeyQuery,
        response: { 200: foundApiKeyList },
      },
    },
    async request => {
      await context.flushKeyUses();
      const page = toPageQuery(request.query);
      const found = await store.read.listApiKeysBeginning(request.query.key_id_prefix, page);
      const keys = found.map(({ key, ownerKind }) => ({ ...key, ownerKind }));
      const { shown, next_page_token } = pageOf(keys, page, ({ key_id }) => key_id);
      const toShown = await shownAt(store.read, now());
      return { api_keys: shown.map(key => ({ ...toShown(key), owner_kind: key.ownerKind })), next_page_token };
    },
  );
}
