import type { CheckRequest__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import { decodeCheckRequest, encodeCheckRequest } from '../data/wire.ts';
import type { WorkloadRequest } from '../data/workload.ts';

/** Requests like those of the kit, but for one measure of their size. */
export interface Grown {
  /** Of the body; those that would be longer without padding stay as they are. */
  readonly bodyBytes?: number;
  /** Pseudo headers included. */
  readonly headers?: number;
}

export function grow({ status, message }: WorkloadRequest, grown: Grown): WorkloadRequest {
  const request = decodeCheckRequest(message);
  const http = request.attributes?.request?.http;
  if (!http) {
    throw new Error('a request of the workload has no HTTP part');
  }
  if (grown.bodyBytes !== undefined) {
    http.body = grownBody(http.body, grown.bodyBytes);
    const size = Buffer.byteLength(http.body);
    // A length that is not the body's own would say that it was cut off.
    http.size = size;
    http.headers = { ...http.headers, 'content-length': String(size) };
  }
  if (grown.headers !== undefined) {
    http.headers = grownHeaders(http.headers, grown.headers);
  }
  return { status, message: encodeCheckRequest(request as CheckRequest__Output) };
}

/** The access key comes last, so that all of the body must be read to find it. */
function grownBody(body: string, bytes: number): string {
  const { accessKey, request } = JSON.parse(body) as { readonly accessKey?: string; readonly request: object };
  const withPadding = (padding: string) => JSON.stringify({ request: { ...request, padding }, accessKey });
  const short = accessKey === undefined ? JSON.stringify({}) : JSON.stringify({ accessKey });
  if (bytes < body.length) {
    return short;
  }
  return withPadding('some words of a prompt '.repeat(bytes / 23 + 1).slice(0, bytes - withPadding('').length));
}

function grownHeaders(headers: Readonly<Record<string, string>>, count: number): Record<string, string> {
  const needed = [':method', ':path', ':authority', 'authorization', 'content-length'];
  const grown = Object.fromEntries(
    needed.flatMap(name => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  );
  for (const [name, value] of Object.entries(headers)) {
    if (Object.keys(grown).length < count) {
      grown[name] = value;
    }
  }
  for (let at = Object.keys(grown).length; at < count; at += 1) {
    grown[`x-made-up-${String(at).padStart(3, '0')}`] = 'a value of usual length';
  }
  return grown;
}
