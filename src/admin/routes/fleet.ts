import type { ApiServer } from '../api-server-type.ts';
import type { AdminContext } from '../context.ts';
import { fleet } from '../schemas/fleet.ts';
import { siteAdminOnly, whoMay } from '../who-may.ts';

/** This server answers checks itself and nobody follows it yet, so the list of sidecars is empty. */
export function fleetRoutes(server: ApiServer, { store, snapshotRevision }: AdminContext): void {
  server.get(
    '/fleet',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Shows who answers checks, and which revision each has.',
        description: 'What was changed at or before `oldest_revision` is in force everywhere.',
        'x-who-may': whoMay.siteAdmin,
        response: { 200: fleet },
      },
    },
    async () => {
      // Asked first: a revision that is published meanwhile must not make this server look ahead of its store.
      const oldest_revision = snapshotRevision();
      const { revision } = await store.head();
      return { revision: Math.max(revision, oldest_revision), oldest_revision, sidecars: [] };
    },
  );
}
