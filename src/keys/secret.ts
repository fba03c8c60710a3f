import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { checksumLength, randomLength, type SecretKind, secretPrefixes } from './secret-form.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomBytesCount = 32;

/** A new secret, to be shown once and stored as a digest. */
export function makeSecret(kind: SecretKind): string {
  const text =
    secretPrefixes[kind] + inBase62(BigInt(`0x${randomBytes(randomBytesCount).toString('hex')}`), randomLength);
  return text + checksumOf(text);
}

/** Whether a text has the form of this kind of secret, checksum included. Says nothing about its being known. */
export function hasSecretForm(kind: SecretKind, text: string): boolean {
  const prefix = secretPrefixes[kind];
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
