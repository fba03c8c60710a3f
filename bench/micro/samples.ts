import { digestOf } from '../../src/keys/digest.ts';
import { accessKeys, apiKey, apiKeys, put, snapshotWith } from '../../test/support/site.ts';
import { encodeCheckRequest } from '../data/wire.ts';

/** The sample site of the tests with as many keys more; small enough to be built in a moment. */
const moreKeys = 100_000;
export const knownKeys: readonly string[] = Array.from({ length: moreKeys }, (_, n) => `made-up-key-${n}`);

export function grownSnapshot() {
  return snapshotWith(
    ...knownKeys.map(secret => apiKey(secret, 'viewer')),
    put('settings', { stale_after_seconds: 0 }),
  );
}

/** Bodies whose access key comes last, so that all of them is read. */
export const smallBody: string = bodyOf(250);
export const largeBody: string = bodyOf(64 * 1024);

function bodyOf(bytes: number): string {
  const withText = (content: string) =>
    JSON.stringify({ request: { messages: [{ role: 'user', content }] }, accessKey: accessKeys.fraud });
  const words = 'a prompt with "quotes", {braces} and \n lines ';
  let content = '';
  while (withText(content + words).length < bytes) {
    content += words;
  }
  return withText(content);
}

/** What Envoy asks for a call of the viewer, with the headers of a usual client. */
export function checkRequest(body: string): Buffer {
  const headers = {
    ':authority': 'models.example.test',
    ':method': 'POST',
    ':path': '/model',
    ':scheme': 'https',
    accept: '*/*',
    'accept-encoding': 'gzip, deflate',
    authorization: `Bearer ${apiKeys.viewer}`,
    'content-length': String(Buffer.byteLength(body)),
    'content-type': 'application/json',
    'user-agent': 'python-requests/2.32.3',
    'x-envoy-auth-partial-body': 'false',
    'x-forwarded-for': '10.1.2.3',
    'x-forwarded-proto': 'https',
    'x-request-id': 'b5f0c7de-0000-4000-9000-000000000000',
  };
  const http = {
    method: 'POST',
    headers,
    path: '/model',
    host: 'models.example.test',
    protocol: 'HTTP/1.1',
    rawBody: Buffer.from(body),
  };
  return encodeCheckRequest({ attributes: { request: { http } } } as never);
}

export const knownDigests: readonly string[] = knownKeys.map(digestOf);
