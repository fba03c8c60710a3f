import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { validateRequest } from '../requests/validate-request.ts';
import { nothing, toInstant } from '../schemas/fields.ts';
import {
  acceptedClock,
  applyQuery,
  backupContent,
  backupContentType,
  siteBackup,
  siteDocument,
  sitePlan,
  siteQuery,
} from '../schemas/site.ts';
import { applySite, DryRun } from '../site/apply-site.ts';
import { readChunks } from '../site/document/body-chunks.ts';
import { exportSite } from '../site/document/export-site.ts';
import { readSite } from '../site/document/read-site.ts';
import { jsonPieces } from '../turns/json-pieces.ts';
import { siteAdminOnly, whoMay } from '../who-may.ts';

/** Largest document that is taken, in bytes: some hundred thousand keys. */
const documentBytesMax = 64 * 1024 * 1024;

/** Documents and plans are made member by member here, and too large to be held against their schema, or written, in one go. */
function sendInPieces(reply: FastifyReply, answer: Readonly<Record<string, unknown>>): never {
  return reply.type('application/json; charset=utf-8').send(Readable.from(jsonPieces(answer))) as never;
}

export function siteRoutes(server: ApiServer, context: AdminContext): void {
  server.get(
    '/site',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Shows the whole site as one document.',
        description: 'It holds no secret and no digest. Applied again, it changes nothing.',
        'x-who-may': whoMay.siteAdmin,
        querystring: siteQuery,
        response: { 200: siteDocument },
      },
    },
    async (request, reply) => {
      const accessKeys = request.query.access_keys === 'true';
      const site = await change(context, request, reply, async writes => {
        if (accessKeys) {
          writes.audit('site.export_access_keys', 'site');
        }
        return exportSite(writes, accessKeys);
      });
      return sendInPieces(reply, site);
    },
  );

  server.register(async scope => applyRoute(scope as unknown as ApiServer, context));

  server.post(
    '/site::accept_clock',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: "Takes the machine's clock as right from here on.",
        description: 'For a clock that was ahead and was set right: keys that expired meanwhile live again.',
        'x-who-may': whoMay.siteAdmin,
        body: nothing,
        response: { 200: acceptedClock },
      },
    },
    async (request, reply) => {
      const behind_seconds = Math.round(context.clockBehindMs() / 1000);
      await change(context, request, reply, async writes => {
        writes.audit('clock.accept', 'clock', { behind_seconds });
      });
      return { time: toInstant(await context.acceptClock()), behind_seconds };
    },
  );

  server.post(
    '/site::backup',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Copies the store into a new file of the data directory.',
        description: 'While it serves; the copy is consistent.',
        'x-who-may': whoMay.siteAdmin,
        body: nothing,
        response: { 200: siteBackup },
      },
    },
    async (request, reply) => {
      // The audit comes first, and so is in the copy too: nobody takes one without a trace.
      await change(context, request, reply, async writes => writes.audit('site.backup', 'site'));
      return context.store.backup();
    },
  );

  server.post(
    '/site::download_backup',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Answers a copy of the store itself, to be kept elsewhere; nothing of it stays on the server.',
        description: 'While it serves; the copy is consistent, and confidential: it holds access keys and all names.',
        'x-who-may': whoMay.siteAdmin,
        body: nothing,
        response: { 200: backupContent },
      },
    },
    async (request, reply) => {
      await change(context, request, reply, async writes => writes.audit('site.backup', 'site', { downloaded: true }));
      const { name, size, content } = await context.store.openBackup();
      return reply
        .type(backupContentType)
        .headers({ 'content-length': size, 'content-disposition': `attachment; filename="${name}"` })
        .send(content as never) as never;
    },
  );
}

/** In a scope of its own, in which a body comes as the chunks that it was sent in. */
function applyRoute(server: ApiServer, context: AdminContext): void {
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', async (_request: FastifyRequest, body: Readable) =>
    readChunks(body, documentBytesMax),
  );
  server.post(
    '/site::apply',
    {
      onRequest: siteAdminOnly,
      schema: {
        summary: 'Makes the site as a document says, in one transaction.',
        description:
          'Applied twice, it changes nothing the second time. The answer is the plan, with `dry_run` all that there is.',
        'x-who-may': whoMay.siteAdmin,
        querystring: applyQuery,
        body: siteDocument,
        response: { 200: sitePlan },
      },
      // Read and checked before the handler, apart: in one go, a large one would keep checks waiting (T33).
      validatorCompiler: route => (route.httpPart === 'body' ? value => ({ value }) : validateRequest(route as never)),
      preHandler: async request => {
        request.body = await readSite(request.body as unknown as readonly Buffer[] | null | undefined);
      },
    },
    async (request, reply) => {
      const [dryRun, prune] = [request.query.dry_run === 'true', request.query.prune === 'true'];
      try {
        const steps = await change(context, request, reply, async writes => {
          const options = { now: context.now(), prune, caller: callerOf(request).username };
          const done = await applySite(writes, request.body, options);
          if (dryRun) {
            throw new DryRun(done);
          }
          return done;
        });
        return sendInPieces(reply, { dry_run: false, steps });
      } catch (stopped) {
        if (stopped instanceof DryRun) {
          return sendInPieces(reply, { dry_run: true, steps: stopped.steps });
        }
        throw stopped;
      }
    },
  );
}
