import type { CheckCall } from '../../../src/check/check-call.ts';
import type { CheckRequest__Output } from '../../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import { readLength } from '../../../src/credentials/read-length.ts';
import { hasSecretForm } from '../../../src/keys/secret.ts';

/** Set by a route's ext_authz settings to name its model (B6a). */
const pinExtension = 'modelgate_model';
/** Longest request id that is repeated to the client; Envoy's own are UUIDs. */
const requestIdLengthMax = 128;
const nothing = Buffer.alloc(0);

/** Reads a CheckRequest with either form of headers and of body. Total: what is missing reads as empty. */
export function readCheckCall(request: CheckRequest__Output): CheckCall {
  const { attributes } = request;
  const http = attributes?.request?.http;
  const headers = readHeaders(http?.headers ?? {}, http?.headerMap?.headers ?? []);
  const header = (name: string) => headers.get(name);
  return {
    header,
    contentLength: readLength(header('content-length')),
    path: http?.path ?? '',
    query: http?.query ?? '',
    body: http ? (http.rawBody.length > 0 ? http.rawBody : Buffer.from(http.body, 'utf8')) : nothing,
    pin: attributes?.contextExtensions[pinExtension],
    requestId: readRequestId(header('x-request-id') ?? ''),
    callerAddress: attributes?.source?.address?.socketAddress?.address ?? '',
    headersWithOwnKeys: [...headers.keys()]
      .filter(name => isOther(name) && holdsSecret(headers.get(name) ?? ''))
      .sort(),
    isGrpc: (header('content-type') ?? '').toLowerCase().startsWith('application/grpc'),
  };
}

/** Neither read for credentials, nor one that Envoy or the answer sets. */
function isOther(name: string): boolean {
  const isRead = /^(authorization|x-api-key|api-key|x-goog-api-key|x-model-access-key)$/;
  return !/^(host$|x-modelgate-|:)/.test(name) && !isRead.test(name) && /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name);
}

function holdsSecret(value: string): boolean {
  const kinds = ['api_key', 'legacy_key', 'sidecar_token', 'session'] as const;
  const texts = [...value.matchAll(/(?=(mg[klsb]_[0-9A-Za-z]{49}))/g)].map(([, text]) => String(text));
  return texts.some(text => kinds.some(kind => hasSecretForm(kind, text)));
}

interface HeaderMapEntry {
  readonly key: string;
  readonly value: string;
  readonly rawValue: Buffer;
}

/** Both header forms as one map: names in lower case, repeats joined by commas as Envoy joins them in `headers` (T4). */
function readHeaders(
  plain: Readonly<Record<string, string>>,
  entries: readonly HeaderMapEntry[],
): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const add = (name: string, value: string) => {
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  };
  for (const { key, value, rawValue } of entries) {
    add(key.toLowerCase(), rawValue.length > 0 ? rawValue.toString('latin1') : value);
  }
  if (entries.length === 0) {
    for (const name of Object.keys(plain)) {
      add(name.toLowerCase(), plain[name] as string);
    }
  }
  return headers;
}

function readRequestId(value: string): string {
  return value.length <= requestIdLengthMax && /^[\x21-\x7e]*$/.test(value) ? value : '';
}
