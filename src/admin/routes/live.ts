import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../../store/records.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, type LiveSample } from '../context.ts';
import { toInstant } from '../schemas/fields.ts';
import { type Live, live, liveQuery } from '../schemas/live.ts';
import { holds, whoMay } from '../who-may.ts';

const hourMs = 3_600_000;
/** Entries of the audit that are looked at: this is asked for every few seconds. */
const eventsMax = 500;

/** Entries of the audit that are no change of what checks go by: who signed in, and who read the site. */
const isNoChange = /^(session|sign_in_link|audit)\.|^site\.(export|backup)/;

/** What the page "Live" draws. */
export function liveRoute(server: ApiServer, context: AdminContext): void {
  server.get(
    '/live',
    {
      schema: {
        summary: 'Shows how many checks this server answers, how and how fast, in steps of time.',
        'x-who-may': whoMay.anyUser,
        querystring: liveQuery,
        response: { 200: live },
      },
    },
    async request => {
      const hourAgo = context.now() - hourMs;
      const { since = hourAgo } = request.query;
      const { interval_seconds = since < hourAgo ? 60 : 5 } = request.query;
      return {
        interval_seconds,
        samples: context.live(since, interval_seconds).map(toSample),
        changes: await changesSince(context, request, since),
      };
    },
  );
}

function toSample({ at, outcomes, denials, latency, revision, ageSeconds }: LiveSample): Live['samples'][number] {
  const microseconds = (seconds: number) => Math.round(seconds * 1e7) / 10;
  return {
    at: toInstant(at),
    checks: { allowed: outcomes['allow'] ?? 0, denied: outcomes['deny'] ?? 0 },
    denials: { ...denials },
    latency: latency
      ? {
          p50_us: microseconds(latency.p50),
          p99_us: microseconds(latency.p99),
          p999_us: microseconds(latency.p999),
        }
      : null,
    snapshot_revision: revision,
    snapshot_age_seconds: ageSeconds === undefined ? null : Math.round(ageSeconds * 1000) / 1000,
  };
}

/** One mark a revision, for whoever may read the audit of it. */
async function changesSince(context: AdminContext, request: FastifyRequest, since: number): Promise<Live['changes']> {
  // Not asked for by time: the newest are the ends of an index, and a bounded read.
  const events = await context.store.read.listAuditEvents({ limit: eventsMax });
  const mayRead = ({ project_id }: AuditEvent) =>
    callerOf(request).site_admin || (project_id !== null && holds(context, request, project_id, 'admin'));
  const marks = new Map<number, Live['changes'][number]>();
  for (const event of events.filter(each => each.at > since && !isNoChange.test(each.action) && mayRead(each))) {
    const { at, revision, action, target } = event;
    const count = (marks.get(revision)?.count ?? 0) + 1;
    // Newest first: the last one seen of a revision is its first.
    marks.set(revision, { at: toInstant(at), revision, action, target, count });
  }
  return [...marks.values()];
}
