import { holdsCheckedSecret, mayHoldSecret } from '../keys/holds-checked-secret.ts';
import { checksumLength, randomLength, secretPrefixes } from '../keys/secret-form.ts';
import { trimWhitespace } from './trim-whitespace.ts';

const PREFIXES = Object.values(secretPrefixes);
const PREFIX_LENGTH = 4;
const TAIL_LENGTH = randomLength + checksumLength;
const BASIC = 'basic ';
/** More than any scheme's parameters come to; each text costs a digest. */
const textsLookedAt = 64;
/** What ends a word whichever way the bytes were decoded: none of it stands in a key. */
const betweenWords = /[^!-~]+|,+/;
/** What writes something around a key: quotes, brackets, a parameter's or a pair's signs. Few keys hold any of it. */
const aroundKeys = /["'`:;()<>[\]{}|\\&?@]+/;
const outsideKeys = /[^0-9A-Za-z._~+/-]+/;

/**
 * Whether a header's value holds a key of B42's form anywhere in it, or in the decoded text of Basic: such a header
 * must not reach a model, even one whose authentication is off (B25). Says nothing of keys that are known only by
 * digest.
 */
export function holdsKeyOfOurs(headerValue: string): boolean {
  return holdsForm(headerValue) || headerValue.split(',').some(part => isLong(part) && holdsForm(basicText(part)));
}

/** The same with a right checksum, so that what merely looks like a key is left alone. */
export function holdsCheckedKeyOfOurs(headerValue: string): boolean {
  return (
    holdsChecked(headerValue) || headerValue.split(',').some(part => isLong(part) && holdsChecked(basicText(part)))
  );
}

/** Of so many characters that a secret fits in, in Base64. */
function isLong(part: string): boolean {
  return mayHoldSecret((part.length * 3) / 4);
}

function holdsChecked(text: string): boolean {
  const bytes = Buffer.from(text, 'latin1');
  return holdsCheckedSecret(bytes, 0, bytes.length);
}

/**
 * Texts in a header's value that could each be a key, for a look at those known only by digest: its words and those in
 * Basic, as they stand and without what may be written around a key. Undefined where they are too many to look at.
 */
export function textsIn(headerValue: string): ReadonlySet<string> | undefined {
  // Words that are all alike make one text, but each costs as much.
  if (headerValue.split(betweenWords, textsLookedAt + 1).length > textsLookedAt) return undefined;
  const texts = new Set<string>();
  for (const word of `${headerValue} ${basicTexts(headerValue)}`.split(betweenWords)) {
    for (const text of [word, ...word.split(aroundKeys).flatMap(withoutName), ...word.split(outsideKeys)])
      texts.add(text);
    if (texts.size > textsLookedAt) return undefined;
  }
  texts.delete('');
  return texts;
}

function basicTexts(headerValue: string): string {
  return headerValue.split(',').map(basicText).join(' ');
}

/** A piece, and what stands behind the sign in `name=value`. */
function withoutName(piece: string): readonly string[] {
  const sign = piece.indexOf('=');
  return sign === -1 ? [piece] : [piece, piece.slice(sign + 1)];
}

/** Linear: a run after `_` holds no further `_`, so that no character is counted twice. */
function holdsForm(text: string): boolean {
  for (let mark = text.indexOf('_'); mark !== -1; mark = text.indexOf('_', mark + 1)) {
    const start = mark + 1;
    if (PREFIXES.includes(text.slice(Math.max(0, start - PREFIX_LENGTH), start)) && hasTail(text, start)) return true;
  }
  return false;
}

function hasTail(text: string, start: number): boolean {
  if (start + TAIL_LENGTH > text.length) return false;
  for (let index = start; index < start + TAIL_LENGTH; index += 1) {
    if (!isBase62(text.charCodeAt(index))) return false;
  }
  return true;
}

function isBase62(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Decoded credentials of a Basic value, blank for any other. Latin-1 keeps every byte, and keys are ASCII. */
function basicText(part: string): string {
  const value = trimWhitespace(part).replaceAll('\t', ' ');
  if (value.slice(0, BASIC.length).toLowerCase() !== BASIC) return '';
  return Buffer.from(value.slice(BASIC.length), 'base64').toString('latin1');
}
