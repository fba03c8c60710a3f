import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * Secrets of ours (B42): a prefix that says what it opens, 43 base62 characters that hold 256 random
 * bits, and 6 base62 characters of CRC-32 over everything before them, so that a secret scanner can
 * tell a real one from a text that merely looks like one. The checksum decides nothing.
 */
export type SecretKind = 'api_key' | 'legacy_key' | 'sidecar_token';

const prefixes: Record<SecretKind, string> = { api_key: 'mgk_', legacy_key: 'mgl_', sidecar_token: 'mgs_' };
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomBytesCount = 32;
/** 62^43 is just above 2^256. */
const randomLength = 43;
/** 62^6 is above 2^32. */
const checksumLength = 6;

/** A new secret, to be shown once and stored as a digest. */
export function makeSecret(kind: SecretKind): string {
  const text = prefixes[kind] + inBase62(BigInt(`0x${randomBytes(randomBytesCount).toString('hex')}`), randomLength);
  return text + checksumOf(text);
}

/** Whether a text has the form of this kind of secret, checksum included. Says nothing about its being known. */
export function hasSecretForm(kind: SecretKind, text: string): boolean {
  const prefix = prefixes[kind];
  const body = text.slice(0, -checksumLength);
  return (
    text.length === prefix.length + randomLength + checksumLength &&
    text.startsWith(prefix) &&
    /^[0-9A-Za-z]+$/.test(text.slice(prefix.length)) &&
    text.endsWith(checksumOf(body))
  );
}

function checksumOf(text: string): string {
  return inBase62(BigInt(crc32(text)), checksumLength);
}

function inBase62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= 62n) {
    digits = base62[Number(rest % 62n)] + digits;
  }
  return digits;
}
