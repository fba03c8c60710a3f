import type { Field } from '../hpack/static-table.ts';

/** What the header fields of a request say, as far as anything depends on it. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  /** What the request's body must come to in bytes; undefined: nothing said (RFC 9113, 8.1.1). */
  readonly contentLength: number | undefined;
  /** How long the caller waits, in milliseconds, from gRPC's `grpc-timeout`; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
}

const pseudoHeaders = new Set([':method', ':scheme', ':path', ':authority']);
/** Fields that speak of a connection, which HTTP/2 has no place for (RFC 9113, 8.2.2). */
const connectionHeaders = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);
/** Token characters in lower case (RFC 9113, 8.2.1); a pseudo-header's colon is not among them. */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** No NUL, CR or LF, and no blank at either end (RFC 9113, 8.2.1). */
const badValuePattern = /[\0\r\n]|^[ \t]|[ \t]$/;

/** Reads the fields of a request; undefined where they are malformed, which is a stream error (RFC 9113, 8.1.1 to 8.3.1). */
export function readRequestHead(fields: readonly Field[]): RequestHead | undefined {
  const pseudo = new Map<string, string>();
  const regular = new Map<string, string>();
  for (const { name, value } of fields) {
    if (name.startsWith(':')) {
      if (!pseudoHeaders.has(name) || pseudo.has(name) || regular.size > 0 || badValuePattern.test(value)) {
        return undefined;
      }
      pseudo.set(name, value);
    } else if (isRegular(name, value)) {
      const before = regular.get(name);
      regular.set(name, before === undefined ? value : `${before},${value}`);
    } else {
      return undefined;
    }
  }
  const [method, path] = [pseudo.get(':method'), pseudo.get(':path')];
  const length = regular.get('content-length');
  const isWhole = method !== undefined && pseudo.has(':scheme') && path !== undefined && path !== '';
  if (!isWhole || (length !== undefined && !/^\d{1,15}$/.test(length))) {
    return undefined;
  }
  return {
    method,
    path,
    contentType: regular.get('content-type') ?? '',
    contentLength: length === undefined ? undefined : Number(length),
    timeoutMs: readTimeout(regular.get('grpc-timeout') ?? ''),
  };
}

/** Whether the fields may stand behind a request's body (RFC 9113, 8.1). */
export function areTrailers(fields: readonly Field[]): boolean {
  return fields.every(({ name, value }) => isRegular(name, value));
}

function isRegular(name: string, value: string): boolean {
  return (
    namePattern.test(name) &&
    !badValuePattern.test(value) &&
    !connectionHeaders.has(name) &&
    (name !== 'te' || value.toLowerCase() === 'trailers')
  );
}

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000_001 };

/** gRPC over HTTP/2: at most eight digits and a unit. What can't be read sets no limit. */
function readTimeout(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(text) ?? [];
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (unitMs[unit] as number);
}
