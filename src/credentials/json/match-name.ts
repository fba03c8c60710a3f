import { decodeString } from './read-string.ts';

const NAME = 'accessKey';
const NAME_UPPER = 'ACCESSKEY';
/** Every letter written as `\u0061`. */
const LONGEST_SPELLING_BYTES = 6 * NAME.length;

const LOWER_A = 0x61;
const UPPER_A = 0x41;
const BACKSLASH = 0x5c;

/**
 * `exact` is `accessKey` itself; `folded` differs from it by case only (B4); `malformed` is a name that no parser
 * reads.
 */
export type NameMatch = 'exact' | 'folded' | 'other' | 'malformed';

/**
 * Compares the member name between two quotes with `accessKey`, escapes decoded. A name that can be neither `exact` nor
 * `folded` by its length or first letter is `other` at once, and is not checked further.
 */
export function matchName(text: Buffer, open: number, close: number): NameMatch {
  const length = close - open - 1;
  if (length < NAME.length || length > LONGEST_SPELLING_BYTES) return 'other';
  const first = text[open + 1];
  if (first !== LOWER_A && first !== UPPER_A && first !== BACKSLASH) return 'other';
  if (length === NAME.length && isName(text, open + 1)) return 'exact';
  const name = decodeString(text, open, close);
  if (name === undefined) return 'malformed';
  if (name === NAME) return 'exact';
  return isFoldEqual(name) ? 'folded' : 'other';
}

function isName(text: Buffer, start: number): boolean {
  for (let index = 0; index < NAME.length; index += 1) {
    if (text[start + index] !== NAME.charCodeAt(index)) return false;
  }
  return true;
}

/**
 * Equal under simple Unicode case folding, which is what Go's JSON decoder compares names by (T7). Lower case first
 * turns the kelvin sign into k, then upper case the long s into S; the length leaves out the sharp s, which would
 * become two.
 */
function isFoldEqual(name: string): boolean {
  return name.length === NAME.length && name.toLowerCase().toUpperCase() === NAME_UPPER;
}
