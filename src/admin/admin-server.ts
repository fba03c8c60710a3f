import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeText } from '../input/decode-text.ts';
import { refuseNameTwice } from '../input/read-json.ts';
import { withoutKeys } from '../keys/keys-in-text.ts';
import type { Log } from '../log/log.ts';
import { StoreError } from '../store/store-error.ts';
import type { Certificates } from '../tls/certificates.ts';
import { ApiError, fromStoreError } from './api-error.ts';
import type { ApiServer } from './api-server-type.ts';
import type { AdminContext } from './context.ts';
import { describeApi } from './openapi/openapi.ts';
import { confirmGone } from './requests/confirm-gone.ts';
import { type HostRules, requireKnownHost } from './requests/hosts.ts';
import { type Observe, observeAnswers, routeOf } from './requests/observe-answers.ts';
import { takeBody } from './requests/take-body.ts';
import { validateRequest } from './requests/validate-request.ts';
import { v2KeyRoutes } from './routes/api-keys.ts';
import { applicationRoutes } from './routes/applications.ts';
import { auditEventRoutes } from './routes/audit-events.ts';
import { authRoutes } from './routes/auth.ts';
import { callerRoutes } from './routes/callers.ts';
import { collaboratorRoutes } from './routes/collaborators.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { denialRoutes } from './routes/denials.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { liveRoute } from './routes/live.ts';
import { modelLifecycleRoutes } from './routes/model-lifecycle.ts';
import { modelRoutes } from './routes/models.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { oidcIdentityRoutes } from './routes/oidc-identities.ts';
import { type OpsContext, opsRoutes } from './routes/ops.ts';
import { projectRoutes } from './routes/projects.ts';
import { linkPreviewRoute, sessionRoutes, signInRoutes } from './routes/sessions.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signInLinkRoutes } from './routes/sign-in-links.ts';
import { siteRoutes } from './routes/site.ts';
import { siteSchemaRoute } from './routes/site-schema.ts';
import { teamRoutes } from './routes/teams.ts';
import { testModelRoute } from './routes/test-model.ts';
import { userRoutes } from './routes/users.ts';
import { authenticate, credentialOf } from './sign-in/authenticate.ts';
import { SignInThrottle } from './sign-in/sign-in-throttle.ts';
import { tlsServer } from './tls-server.ts';
import { writeLongAnswersInTurns } from './turns/long-answers.ts';
import { type PageFile, webPageRoutes } from './web-pages.ts';

export interface AdminServerOptions {
  readonly context: AdminContext;
  readonly ops: OpsContext;
  /** The web pages that stand beside the API. */
  readonly pages: readonly PageFile[];
  readonly log: Log;
  readonly hosts: HostRules;
  readonly observe: Observe;
  /** Addresses and networks of proxies that are believed about who asks. */
  readonly trustedProxies: readonly string[];
  /** Absent: plain HTTP. */
  readonly tls?: Certificates | undefined;
}

const apiPrefix = '/api/v2';
/** Bodies of ordinary requests, in bytes; the import of a site has a limit of its own. */
const bodyBytesMax = 1024 * 1024;
/** Time for a request's head and body to arrive, in milliseconds. */
const requestTimeoutMs = 60_000;

/** The admin API and the ops routes, not yet listening. Every API route asks for a signed-in user unless it says otherwise. */
export function createAdminServer({
  context,
  ops,
  pages,
  log,
  hosts,
  trustedProxies,
  observe,
  tls,
}: AdminServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    logger: false,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply as FastifyReply, log),
    clientErrorHandler: answerUnreadable,
    ...(tls ? tlsServer(tls) : {}),
  });
  server.setValidatorCompiler(validateRequest);
  server.setSerializerCompiler(serializerCompiler);
  writeLongAnswersInTurns(server);
  acceptJsonOnly(server);
  server.decorateRequest('caller', undefined);
  server.decorateRequest('session', undefined);
  server.decorateRequest('demands');
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply, log));
  server.setNotFoundHandler((request, reply) =>
    sendError(new ApiError('not_found', `there is nothing at ${request.method} of this path`), request, reply, log),
  );
  observeAnswers(server, observe);
  // Before anything of a route is run, whatever is asked (T27).
  server.addHook('onRequest', requireKnownHost(hosts));
  server.register(cookie);
  refuseUnknownParameters(server);
  // An answer may hold a secret that is shown once, or what only its asker may see; the pages' own files say otherwise.
  // With TLS no browser shall ask for this name in the clear again, with a cookie or a key that somebody types (T20).
  const headers = { 'cache-control': 'no-store', ...(tls && { 'strict-transport-security': 'max-age=31536000' }) };
  server.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
  server.register(async plain => opsRoutes(plain, ops));
  server.register(async plain => webPageRoutes(plain, pages));
  describeApi(server, apiPrefix);
  server.register(async api => siteSchemaRoute(api as unknown as ApiServer), { prefix: apiPrefix });
  server.register(async api => authRoutes(api as unknown as ApiServer, context), { prefix: apiPrefix });
  const throttle = new SignInThrottle();
  server.register(async api => signInRoutes(api as unknown as ApiServer, context, throttle), { prefix: apiPrefix });
  server.register(async api => linkPreviewRoute(api as unknown as ApiServer, context, throttle), {
    prefix: apiPrefix,
  });
  server.register(async api => oidcRoutes(api as unknown as ApiServer, context, throttle), { prefix: apiPrefix });
  server.register(async api => signedInRoutes(api as unknown as ApiServer, context), { prefix: apiPrefix });
  return server;
}

/** A route of the API that says nothing of parameters takes none: what is sent and not looked at was meant for something (T30). */
function refuseUnknownParameters(server: FastifyInstance): void {
  server.addHook('onRoute', route => {
    if (route.url.startsWith(`${apiPrefix}/`) && route.schema) {
      route.schema.querystring ??= z.strictObject({});
    }
  });
}

/** One content type (T28). A JSON body that is empty is none, so that it may be sent where a body is optional. */
function acceptJsonOnly(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    try {
      const text = takeBody(() => decodeText(Buffer.from(body)));
      void parseJson(request, text, (fault, value) => done(fault ?? nameTwice(text) ?? null, value));
    } catch (fault) {
      done(fault as ApiError);
    }
  });
}

/** Why a valid JSON text is refused all the same; undefined: it is not. */
function nameTwice(text: string): ApiError | undefined {
  try {
    takeBody(() => refuseNameTwice(text));
    return undefined;
  } catch (fault) {
    return fault as ApiError;
  }
}

function signedInRoutes(api: ApiServer, context: AdminContext): void {
  api.setErrorHandler(confirmGone(context));
  api.addHook('onRequest', async request => {
    request.demands = [];
    const { user, session } = await context.lookups.run(credentialOf(context, request), () =>
      authenticate(context, request, context.store.read),
    );
    request.caller = user;
    request.session = session;
  });
  sessionRoutes(api, context);
  userRoutes(api, context);
  signInLinkRoutes(api, context);
  oidcIdentityRoutes(api, context);
  applicationRoutes(api, context);
  v2KeyRoutes(api, context);
  teamRoutes(api, context);
  projectRoutes(api, context);
  collaboratorRoutes(api, context);
  modelRoutes(api, context);
  testModelRoute(api, context);
  callerRoutes(api, context);
  decisionRoutes(api, context);
  denialRoutes(api, context);
  liveRoute(api, context);
  modelLifecycleRoutes(api, context);
  settingsRoutes(api, context);
  auditEventRoutes(api, context);
  siteRoutes(api, context);
  fleetRoutes(api, context);
}

/** The API's answer to any fault; what is a fault of ours is logged and not told. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = toApiError(error);
  if (known.statusCode >= 500) {
    // A store that fails is told once, by whoever watches it, not once for each request.
    const [level, told] =
      error instanceof StoreError ? (['debug', { err: error }] as const) : (['error', { fault: error }] as const);
    log[level]({ ...told, route: routeOf(request), method: request.method }, 'admin request failed');
  }
  answerError(known, reply);
}

/** Answers a refusal, whatever it says, without a line in the log. */
export function answerError(known: ApiError, reply: FastifyReply): void {
  if (known.statusCode === 401) {
    reply.header('www-authenticate', 'Bearer realm="modelgate"');
  }
  if (known.statusCode === 429 && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', '1');
  }
  // A key that was pasted where a name belongs must not come back in what gets shown and kept.
  const details = known.details.map(({ field, description }) => ({
    field: withoutKeys(field),
    description: withoutKeys(description),
  }));
  reply.code(known.statusCode).send({ code: known.grpcCode, message: withoutKeys(known.message), details });
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  if (error instanceof StoreError) {
    return fromStoreError(error);
  }
  return fromFrameworkError(error as FastifyError);
}

/** Bytes that are no HTTP request get the API's shape of an error all the same. */
export function answerUnreadable(_error: Error, socket: Socket): void {
  if (socket.writable) {
    const body = JSON.stringify({ code: 3, message: 'this is no HTTP request that can be read', details: [] });
    const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
  } else {
    socket.destroy();
  }
}

/** Faults that fastify finds before a route sees the request. */
function fromFrameworkError(error: FastifyError): ApiError {
  if (error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new ApiError(
      'invalid_argument',
      'the path is not one of this API: an id in it is too long or badly encoded',
    );
  }
  switch (error.statusCode) {
    case 413:
      return new ApiError('too_large', 'the body is too large for this request');
    case 415:
      return new ApiError('unsupported', 'send the body as content-type: application/json');
    case 400:
      return new ApiError('invalid_argument', 'the body is no valid JSON');
    default:
      return new ApiError('internal', 'something failed here; the log of this server says what');
  }
}
