import type { AccessKeyClaim, CredentialSource, Credentials } from '../../../src/credentials/credentials.ts';
import { extractCredentials } from '../../../src/credentials/extract-credentials.ts';
import { readLength } from '../../../src/credentials/read-length.ts';

/** Two access keys in the product's form (behaviour.md, part 1). */
export const AK = 'mab12cd34ef56gh78ij90kl12mn34op5';
export const OTHER = 'mzy98xw76vu54ts32rq10po98nm76lk5';

export const BODY_BYTES_MAX = 4096;

export interface RequestParts {
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly pin?: string;
}

/** A `POST /model` with nothing in it but what the test names. */
export function requestWith(parts: RequestParts): CredentialSource {
  const headers = new Map(Object.entries(parts.headers ?? {}));
  return {
    header: name => headers.get(name),
    contentLength: readLength(headers.get('content-length')),
    path: parts.path ?? '/model',
    query: parts.query ?? '',
    body: Buffer.from(parts.body ?? ''),
    pin: parts.pin,
  };
}

export function credentialsOf(parts: RequestParts): Credentials {
  return extractCredentials(requestWith(parts), BODY_BYTES_MAX);
}

export function accessKeyOf(parts: RequestParts): AccessKeyClaim {
  return credentialsOf(parts).accessKey;
}

/** The claim of a request that names the key AK. */
export const ONE: AccessKeyClaim = { kind: 'one', accessKey: AK };
