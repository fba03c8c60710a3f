import { hash } from 'node:crypto';

/** SHA-256 in lower-case hex, 64 characters: the only form in which a key is stored or sent (design decision 6). */
export type Digest = string;

/** Digest of a key as an opaque string, whatever its form (B42). */
export function digestOf(key: string): Digest {
  return hash('sha256', key, 'hex');
}

/** The same 32 bytes as 32 characters, one a byte: the form in which a check looks keys up, since it is made most quickly. */
export function lookupDigestOf(key: string): string {
  return hash('sha256', key, 'binary');
}

/** The form for lookups of a digest in hex. */
export function toLookupDigest(digest: Digest): string {
  return Buffer.from(digest, 'hex').toString('latin1');
}
