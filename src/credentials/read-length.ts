import { trimWhitespace } from './trim-whitespace.ts';

const ZERO = 0x30;
const NINE = 0x39;

/** The number of bytes that a `content-length` announces; NaN where it can't be read, undefined where there is none. */
export function readLength(contentLength: string | undefined): number | undefined {
  if (contentLength === undefined) return undefined;
  const digits = trimWhitespace(contentLength);
  return isDecimal(digits) ? Number(digits) : Number.NaN;
}

function isDecimal(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < ZERO || code > NINE) return false;
  }
  return text !== '';
}
