import { skipRestOfString } from './scan-value.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

/** In a string of fewer bytes a loop here finds the quote sooner than the code that is made for long ones. */
const NEAR_BYTES = 48;

/**
 * Index of the quote that closes the string opened at `open`, or -1 where the text ends first. Escapes are stepped
 * over, not checked. Linear: each byte is looked at once.
 */
export function closingQuote(text: Buffer, open: number): number {
  let pos = open + 1;
  const near = Math.min(pos + NEAR_BYTES, text.length);
  while (pos < near) {
    const byte = text[pos];
    if (byte === QUOTE) return pos;
    pos += byte === BACKSLASH ? 2 : 1;
  }
  const end = skipRestOfString(text, pos);
  return end === -1 ? -1 : end - 1;
}

/**
 * What `JSON.parse` reads in the string between the quotes at `open` and `close`: undefined where it would refuse it,
 * for a raw control character or an invalid escape. Invalid UTF-8 becomes U+FFFD.
 */
export function decodeString(text: Buffer, open: number, close: number): string | undefined {
  for (let pos = open + 1; pos < close; pos += 1) {
    const byte = text[pos];
    if (byte === BACKSLASH) return decodeEscapes(text.toString('utf8', open, close + 1));
    if (byte !== undefined && byte < FIRST_PRINTABLE) return undefined;
  }
  return text.toString('utf8', open + 1, close);
}

/** The literal is one string whatever stands in it, so nothing is built of it but that string. */
function decodeEscapes(literal: string): string | undefined {
  try {
    return String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}
