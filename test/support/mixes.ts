import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { mixHeader } from './hits.ts';
import { http2Client } from './send-http2.ts';

/** The keys that a mix may hold. */
export interface Keys {
  readonly fraud: string;
  readonly churn: string;
  readonly viewer: string;
  readonly outsider: string;
}

export interface Mix {
  readonly protocol: 'HTTP/1.1' | 'HTTP/2';
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly accessKey: {
    readonly of: 'fraud' | 'churn' | 'nothing' | 'unknown';
    readonly in: 'body' | 'query' | 'header';
  };
  readonly apiKey: 'none' | 'viewer' | 'outsider' | 'garbage';
  readonly apiKeyIn: 'authorization' | 'x-api-key' | 'api-key' | 'x-goog-api-key';
}

const methods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'M-SEARCH', 'PURGE', 'SEARCH'];
const segments = ['model', 'models', 'fraud', 'churn', 'healthz', 'metrics', 'ready', 'admin', 'stats', 'api', 'v2'];
const separators = [
  '/',
  '//',
  '/./',
  '/../',
  '/..%2f',
  '%2F',
  '/;',
  '/%00',
  '/%c0%af',
  '\\',
  '/*/',
  '/~',
  '/.well-known/',
];
const path = fc
  .array(fc.tuple(fc.constantFrom(...separators), fc.constantFrom(...segments)), { maxLength: 4 })
  .map(parts => `/${parts.flat().join('')}`);
const query = fc.constantFrom(
  '',
  '?',
  '?a=1',
  '?accesskey=x',
  '?model=churn',
  '?a=1;b=2',
  '?%3F',
  '?x-modelgate-target=churn',
);

/** Names that have steered some proxy or upstream at some time, with values that would steer it to a model. */
const header = fc.constantFrom<[string, string]>(
  ['x-modelgate-target', 'churn'],
  ['x-modelgate-target', 'fraud'],
  ['X-Modelgate-Model', 'fraud'],
  ['x_modelgate_target', 'fraud'],
  ['x-modelgate-principal', 'ada'],
  ['x-envoy-original-path', '/fraud'],
  ['x-envoy-internal', 'true'],
  ['x-envoy-auth-partial-body', 'true'],
  ['x-envoy-upstream-rq-timeout-ms', '1'],
  ['x-envoy-retry-on', '5xx'],
  ['x-envoy-hedge-on-per-try-timeout', 'true'],
  ['x-forwarded-for', '127.0.0.1'],
  ['x-forwarded-host', 'fraud'],
  ['x-forwarded-proto', 'https'],
  ['forwarded', 'for=127.0.0.1;host=fraud'],
  ['x-original-url', '/fraud'],
  ['x-rewrite-url', '/fraud'],
  ['x-http-method-override', 'GET'],
  ['x-request-id', '00000000-0000-4000-8000-000000000000'],
  ['x-b3-sampled', '1'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['content-type', 'application/grpc'],
  ['content-type', 'text/plain'],
  ['content-encoding', 'gzip'],
  ['accept', '*/*'],
  ['cookie', 'accessKey=x; session=y'],
  ['authorization-2', 'Bearer x'],
  ['expect', ''],
  ['cache-control', 'no-store'],
  ['range', 'bytes=0-1'],
);

/** Most of them hold no valid key. */
export const mixes: fc.Arbitrary<Mix> = fc.record({
  protocol: fc.constantFrom('HTTP/1.1' as const, 'HTTP/2' as const),
  method: fc.constantFrom(...methods),
  path: fc.tuple(path, query).map(parts => parts.join('')),
  headers: fc.uniqueArray(header, { maxLength: 5, selector: ([name]) => name.toLowerCase() }),
  accessKey: fc.record({
    of: fc.constantFrom('fraud' as const, 'fraud' as const, 'churn' as const, 'nothing' as const, 'unknown' as const),
    in: fc.constantFrom('body' as const, 'query' as const, 'header' as const),
  }),
  apiKey: fc.constantFrom('none' as const, 'none' as const, 'viewer' as const, 'outsider' as const, 'garbage' as const),
  apiKeyIn: fc.constantFrom('authorization', 'x-api-key', 'api-key', 'x-goog-api-key'),
});

/** Whether the keys in a mix are those for the model; whatever else it holds changes nothing. */
export function mayReach({ accessKey, apiKey }: Mix, model: string): boolean {
  return accessKey.of === model && (model === 'churn' || apiKey === 'viewer');
}

/** Sends mixes over connections that are kept alive; answers the status, or 0 where the connection was cut. */
export function mixSender(port: number, keys: Keys) {
  const agent = new Agent({ keepAlive: true });
  const http2 = http2Client(port);
  return {
    send: async (mix: Mix, id: string): Promise<number> => {
      const { path, headers, body } = written(mix, keys);
      const all = { ...headers, [mixHeader]: id };
      if (mix.protocol === 'HTTP/2') {
        const lower = Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
        return (await http2.send({ ...lower, ':method': mix.method, ':path': path }, body)).status;
      }
      const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      return await new Promise(resolve => {
        const options = { host: '127.0.0.1', port, agent, method: mix.method, path, headers: { ...all, ...length } };
        const sent = request(options, response => {
          response.resume();
          response.once('close', () => resolve(response.statusCode ?? 0));
        });
        sent.once('error', () => resolve(0));
        sent.end(body);
      });
    },
    close: () => {
      agent.destroy();
      http2.close();
    },
  };
}

function written(mix: Mix, keys: Keys) {
  const accessKey = { fraud: keys.fraud, churn: keys.churn, unknown: `m${'0'.repeat(31)}`, nothing: undefined }[
    mix.accessKey.of
  ];
  const apiKey = { viewer: keys.viewer, outsider: keys.outsider, garbage: 'mgk_garbage', none: undefined }[mix.apiKey];
  const headers: Record<string, string> = Object.fromEntries(mix.headers);
  let { path } = mix;
  let body = '';
  if (accessKey !== undefined && mix.accessKey.in === 'query') {
    path += `${path.includes('?') ? '&' : '?'}accessKey=${accessKey}`;
  } else if (accessKey !== undefined && mix.accessKey.in === 'header') {
    headers['x-model-access-key'] = accessKey;
  } else if (accessKey !== undefined) {
    body = JSON.stringify({ accessKey, request: {} });
    headers['content-type'] ??= 'application/json';
  }
  if (apiKey !== undefined) {
    headers[mix.apiKeyIn] = mix.apiKeyIn === 'authorization' ? `Bearer ${apiKey}` : apiKey;
  }
  return { path, headers, body };
}
