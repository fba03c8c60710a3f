import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const randomLength = 31;

/** A new access key: `m` and 31 of `[0-9a-z]`, 160 random bits (behaviour.md, part 1). */
export function makeAccessKey(): string {
  return `m${randomText(randomLength)}`;
}

/** Access keys that may be brought in from elsewhere: no character that a header, a query or JSON would write in two ways. */
export const importedAccessKeyPattern = /^[0-9A-Za-z._-]{16,128}$/;

/** A new Key ID: public, names one API key in lists, logs and headers; 82 random bits. */
export function makeKeyId(): string {
  return randomText(16);
}

/** An id for a thing that was given none, such as a project: public; 62 random bits, so that none comes twice. */
export function makeId(): string {
  return randomText(12);
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
