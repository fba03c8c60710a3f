import type { Writes } from '../../store/store.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, change } from '../context.ts';
import { settings, settingsChanges } from '../schemas/settings.ts';
import { siteAdminOnly, whoMay } from '../who-may.ts';

export function settingsRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/settings',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Shows the settings of the site.',
        'x-who-may': whoMay.siteAdmin,
        response: { 200: settings },
      },
    },
    async () => context.store.read.readSettings(),
  );

  server.patch(
    '/settings',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Changes settings of the site.',
        'x-who-may': whoMay.siteAdmin,
        body: settingsChanges,
        response: { 200: settings },
      },
    },
    async (request, reply) => {
      return change(context, request, reply, async writes => {
        await writes.updateSettings(request.body as Parameters<Writes['updateSettings']>[0]);
        return writes.readSettings();
      });
    },
  );
}
