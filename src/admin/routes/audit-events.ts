import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf } from '../context.ts';
import { numberToken, readNumberToken } from '../lists/paging.ts';
import { searchAudit } from '../lists/search-audit.ts';
import { auditEventList, auditQuery, toAuditEvent } from '../schemas/audit-events.ts';
import { requireOnProject, whoMay } from '../who-may.ts';

export function auditEventRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/audit_events',
    {
      schema: {
        summary: 'Lists changes, newest first: who, what, when and from where.',
        description:
          'Only a site admin may leave `project_id` out. Every filter narrows. Entries beyond the bounds of the audit are in files of the server instead, as `audit.archive` tells.',
        'x-who-may': whoMay.admin,
        querystring: auditQuery,
        response: { 200: auditEventList },
      },
    },
    async request => {
      const { page_size, page_token, project_id, search_filter, ...filters } = request.query;
      // What happened to a project that is deleted is asked for, too.
      if (!callerOf(request).site_admin) {
        if (project_id === undefined) {
          throw new ApiError(
            'permission_denied',
            'name a project that you administer (project_id=…); only a site admin may see all events',
          );
        }
        await requireOnProject(context, request, project_id, 'admin');
      }
      const before = page_token ? readNumberToken(page_token) : undefined;
      const { events, lastId } = await searchAudit(context.store.read, {
        query: { ...filters, before, projectId: project_id },
        limit: page_size,
        search: search_filter,
      });
      return {
        audit_events: events.map(toAuditEvent),
        next_page_token: lastId === undefined ? '' : numberToken(lastId),
      };
    },
  );
}
