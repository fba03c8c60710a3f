import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { readVersion } from '../version.ts';
import { errorBody } from './schemas/fields.ts';

/** Where the document stands, below the API's prefix. */
const documentPath = '/openapi.json';

type Transform = typeof jsonSchemaTransform;
type Route = Parameters<Transform>[0];

interface Document {
  readonly paths?: Record<string, Record<string, Operation>>;
}

/** What the document knows of an operation. */
interface Operation {
  operationId?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  responses: Record<string, Answer>;
}

interface Answer {
  description: string | undefined;
  content?: unknown;
  headers?: Record<string, object>;
}

/**
 * Makes the OpenAPI document from the schemas that the routes themselves go by, and serves it to anyone:
 * it holds nothing of the site. To be called before the routes are added.
 */
export function describeApi(server: FastifyInstance, apiPrefix: string): void {
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Modelgate admin API',
        version: readVersion(),
        description:
          'Users, applications, teams, projects, models and keys, and why a call was let through or refused. ' +
          'Lists come in pages: send next_page_token back as page_token until it is empty. ' +
          'Times are RFC 3339 in UTC. A write is in force for checks of this server when it is answered.',
      },
      components: {
        securitySchemes: {
          legacy_key: { type: 'http', scheme: 'bearer', description: 'The legacy key of a user (mgl_…).' },
          legacy_key_basic: {
            type: 'http',
            scheme: 'basic',
            description: 'The legacy key as user name, with an empty password.',
          },
          api_key: { type: 'http', scheme: 'bearer', description: 'An API key (mgk_…).' },
        },
      },
      security: [{ legacy_key: [] }, { legacy_key_basic: [] }],
    },
    hideUntagged: false,
    transform: toDocumented(apiPrefix),
    transformObject: document => completed((document as { openapiObject: Document }).openapiObject, apiPrefix),
  });
  server.get(`${apiPrefix}${documentPath}`, { schema: { hide: true } }, async () => server.swagger());
}

/** Every answer that is no success has the same body; routes outside the API are no part of the document. */
function toDocumented(apiPrefix: string): Transform {
  return route => {
    const schema = route.schema as Record<string, unknown> | undefined;
    const isOurs = route.url.startsWith(`${apiPrefix}/`);
    const documented = isOurs
      ? { ...schema, response: { ...(schema?.['response'] as object), default: errorBody } }
      : { hide: true };
    const transformed = jsonSchemaTransform({ ...route, schema: documented } as Route);
    return { ...transformed, url: readablePath(transformed.url) };
  };
}

/** Stands in for the colon before a verb, which fastify writes twice and swagger would take for a parameter. */
const verbMark = '%3A';

/** A path as people write it: without what a parameter before a verb may hold. */
function readablePath(url: string): string {
  return url.replaceAll('(^[^:]+)', '').replaceAll('::', verbMark);
}

function completed(document: Document, apiPrefix: string): Document {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [marked, operations] of Object.entries(document.paths ?? {})) {
    const path = marked.replace(verbMark, ':');
    for (const [method, operation] of Object.entries(operations)) {
      complete(operation, method, path.slice(apiPrefix.length));
    }
    paths[path] = operations;
  }
  return { ...document, paths };
}

function complete(operation: Operation, method: string, path: string): void {
  const isWrite = method !== 'get' && !reads.some(read => path.endsWith(read));
  operation.tags ??= [path.split(/[/:]/)[1] ?? ''];
  operation.operationId ??= `${method}${path.replace(/[{}]/g, '').replace(/[^0-9A-Za-z]+/g, '_')}`;
  if (path.startsWith('/auth/')) {
    operation.security = [{ api_key: [] }];
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    answer.description = meanings[status] ?? answer.description;
    if (status === '204') {
      delete answer.content;
    }
    if (isWrite && status.startsWith('2')) {
      const description = 'Revision of the store that holds the change.';
      answer.headers = { 'x-modelgate-revision': { description, schema: { type: 'integer' } } };
    }
  }
}

/** Questions that come by POST, since what they ask with has no place in a URL. */
const reads = ['/auth/validate_key', '/decisions:explain'];

const meanings: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Created.',
  204: 'Deleted.',
  default: 'Refused: what is wrong and what to do.',
};
