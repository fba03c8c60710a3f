import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { readVersion } from '../../version.ts';
import type { ApiServer } from '../api-server-type.ts';
import { apiDocument } from '../schemas/fields.ts';
import { csrfHeader, sessionCookie } from '../sign-in/sessions.ts';
import { whoMay } from '../who-may.ts';
import { type Operation, toComplete } from './complete-operation.ts';
import { tidyComponents } from './component-schemas.ts';
import { markedPath, unmarkedPath } from './documented-path.ts';
import { refusalComponents, refusalsTable } from './refusals.ts';
import { documentTags } from './tags.ts';

/** Where the document stands, below the API's prefix. */
const documentPath = '/openapi.json';

type Transform = typeof jsonSchemaTransform;
type Route = Parameters<Transform>[0];

interface Document {
  readonly paths?: Record<string, Record<string, Operation>>;
  readonly components?: object;
}

const description = `Users, applications, teams, projects, models and keys, and why a call was let through or refused.

**Credentials.** The legacy key of a user (\`mgl_…\`), as Bearer or as the Basic user name with an empty password; or a browser session (\`POST /sessions\`), whose changes
carry its \`csrf_token\` as \`x-modelgate-csrf\`. API keys (\`mgk_…\`) call models
and open nothing here but what is tagged \`auth\`. Only the API's description (\`GET /openapi.json\`) and signing in take no credential. Each operation says who may; a site admin may
do everything that some user may.

**Writes.** Each is in force for checks of this server when it is answered, and its answer carries the revision of the store that
holds it in the header \`x-modelgate-revision\`. Fields and parameters that are not documented are refused. A body is JSON, sent as \`application/json\`.
A name, id, address or comment that is a key or holds one is refused: it would be stored and shown.

**Lists** come in pages: send \`next_page_token\` back as \`page_token\`, with everything else the same, until it is empty.

**Times** are RFC 3339 in UTC.

**Refusals** all have the body \`Error\`: a gRPC code, what is wrong and what to do in words, and the fields at fault.

${refusalsTable()}`;

const securitySchemes = {
  legacy_key: { type: 'http', scheme: 'bearer', description: 'The legacy key of a user (mgl_…).' },
  legacy_key_basic: {
    type: 'http',
    scheme: 'basic',
    description: 'The legacy key as user name, with an empty password.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookie,
    description:
      'A browser session, made by `POST /sessions`; over TLS the name is `__Host-modelgate_session`. A request with an Authorization header never uses it.',
  },
  csrf_token: {
    type: 'apiKey',
    in: 'header',
    name: csrfHeader,
    description: "The session's `csrf_token`, with every request that is no GET.",
  },
  api_key: { type: 'http', scheme: 'bearer', description: 'An API key (mgk_…).' },
} as const;

/**
 * Makes the OpenAPI document from the schemas that the routes themselves go by, and serves it to anyone:
 * it holds nothing of the site. To be called before the routes are added.
 */
export function describeApi(server: FastifyInstance, apiPrefix: string): void {
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Modelgate admin API', version: readVersion(), description },
      tags: documentTags,
      components: { securitySchemes },
    },
    hideUntagged: false,
    transform: toDocumented(apiPrefix),
    transformObject: document => completed(jsonSchemaTransformObject(document) as Document, apiPrefix),
  });
  server.register(async api => documentRoute(api as unknown as ApiServer), { prefix: apiPrefix });
}

function documentRoute(api: ApiServer): void {
  const schema = {
    summary: 'Shows this document.',
    'x-who-may': whoMay.anyone,
    response: { 200: apiDocument },
  } as const;
  const asJson = () => (answer: unknown) => JSON.stringify(answer);
  api.get(documentPath, { schema, serializerCompiler: asJson }, async () => api.swagger() as never);
}

/** Routes outside the API are no part of the document. */
function toDocumented(apiPrefix: string): Transform {
  return route => {
    const isOurs = route.url.startsWith(`${apiPrefix}/`);
    const transformed = jsonSchemaTransform(isOurs ? route : ({ ...route, schema: { hide: true } } as Route));
    return { ...transformed, url: markedPath(transformed.url) };
  };
}

function completed(document: Document, apiPrefix: string): Document {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [marked, operations] of Object.entries(document.paths ?? {})) {
    const path = unmarkedPath(marked);
    const complete = toComplete(path.slice(apiPrefix.length));
    paths[path] = Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [method, complete(method, operation)]),
    );
  }
  return tidyComponents({
    ...document,
    paths,
    components: { ...document.components, responses: refusalComponents },
  });
}
