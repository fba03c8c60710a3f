import { hash } from 'node:crypto';

/** SHA-256 in lower-case hex, 64 characters: the only form in which a key is stored, indexed or sent (design decision 6). */
export type Digest = string;

/** Digest of a key as an opaque string, whatever its form (B42). */
export function digestOf(key: string): Digest {
  return hash('sha256', key, 'hex');
}
