import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { createAdminServer } from '../../src/admin/admin-server.ts';
import type { AdminContext } from '../../src/admin/context.ts';
import { Health } from '../../src/health/health.ts';
import { createLog } from '../../src/log/log.ts';

export interface ApiOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly 'x-who-may'?: string;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: object }>>;
  };
  readonly responses: Readonly<Record<string, ApiResponse>>;
}

export interface ApiResponse {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface ApiParameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: object;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, ApiResponse>>;
  };
}

/** What stands before every path of the API. */
export const apiPrefix = '/api/v2';

/** A server that listens nowhere and knows nothing: for what depends on the routes alone, so that none may look into the context. */
function makeBareServer(): FastifyInstance {
  const ops = { registry: new Registry(), health: new Health() };
  const log = createLog('error', { write: () => undefined });
  const hosts = { names: [], setting: '' };
  return createAdminServer({
    context: {} as AdminContext,
    ops,
    pages: [],
    log,
    hosts,
    trustedProxies: [],
    observe: () => undefined,
  });
}

/** The OpenAPI document as a server answers it. */
export async function makeApiDocument(): Promise<ApiDocument> {
  const server = makeBareServer();
  const { payload } = await server.inject({ url: `${apiPrefix}/openapi.json` });
  await server.close();
  return JSON.parse(payload);
}

/** Every route that a server has, documented or not, as `GET /users/{username}`; HEAD, which fastify adds to each GET, apart. */
export async function routesOf(): Promise<string[]> {
  const server = makeBareServer();
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    const path = url
      .replace(apiPrefix, '')
      .replaceAll(/\(\^(\[\^:\]|\.)\+\)/g, '')
      .replaceAll(/(?<!:):(\w+)/g, '{$1}')
      .replaceAll('::', ':');
    routes.push(...[method].flat().map(each => `${each} ${path}`));
  });
  await server.ready();
  await server.close();
  return routes.filter(route => !route.startsWith('HEAD '));
}

/** Every operation of the document, with its path below the API's prefix. */
export function operationsOf({ paths }: ApiDocument): (ApiOperation & { method: string; path: string })[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path: path.slice(apiPrefix.length),
    })),
  );
}
