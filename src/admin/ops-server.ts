import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { type AdminServerOptions, answerError, answerUnreadable, sendError } from './admin-server.ts';
import { ApiError } from './api-error.ts';
import { requireKnownHost } from './requests/hosts.ts';
import { observeAnswers } from './requests/observe-answers.ts';
import { opsRoutes } from './routes/ops.ts';
import { tlsServer } from './tls-server.ts';

/** Nothing here takes a body. */
const bodyBytesMax = 1024;
/** Time for a request's head to arrive, in milliseconds. */
const requestTimeoutMs = 10_000;

export interface OpsServerOptions extends Omit<AdminServerOptions, 'context' | 'pages' | 'trustedProxies'> {
  /** What every other path is answered with. */
  readonly elsewhere?: ApiError;
}

/** The ops routes alone, not yet listening: what needs them needs no way to the admin API. */
export function createOpsServer({
  ops,
  log,
  hosts,
  observe,
  tls,
  elsewhere = new ApiError('not_found', 'only /metrics, /healthz and /readyz are here'),
}: OpsServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    logger: false,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply as FastifyReply, log),
    clientErrorHandler: answerUnreadable,
    ...(tls ? tlsServer(tls) : {}),
  });
  server.setErrorHandler((error, request, reply) => {
    // Nothing is wrong here: it is not in the log.
    error === elsewhere ? answerError(elsewhere, reply) : sendError(error, request, reply, log);
  });
  observeAnswers(server, observe);
  server.addHook('onRequest', requireKnownHost(hosts));
  // Before its body is read: a large document, say, is told that it came too early and not that it is too large.
  server.addHook('onRequest', async request => {
    if (request.is404) throw elsewhere;
  });
  opsRoutes(server, ops);
  return server;
}
