import { closingQuote } from './read-string.ts';
import { skipNested } from './scan-value.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const UPPER_I = 0x49;
const UPPER_N = 0x4e;
const OPEN_BRACKET = 0x5b;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const OPEN_BRACE = 0x7b;

/** Index of the first byte at or after `pos` that is no JSON whitespace. */
export function skipWhitespace(text: Buffer, pos: number): number {
  let next = pos;
  while (isWhitespace(text[next])) next += 1;
  return next;
}

/**
 * Index after the JSON value that starts at `pos`, or -1 where it is malformed or the text ends in it (B5). Scalars are
 * held to their grammar, to which Python adds `NaN` and `Infinity`. Of a nested value only the depth is counted, so that no depth costs memory (T8).
 */
export function skipValue(text: Buffer, pos: number): number {
  switch (text[pos]) {
    case QUOTE:
      return skipString(text, pos);
    case OPEN_BRACE:
    case OPEN_BRACKET:
      return skipNested(text, pos);
    case LOWER_T:
      return skipWord(text, pos, 'true');
    case LOWER_F:
      return skipWord(text, pos, 'false');
    case LOWER_N:
      return skipWord(text, pos, 'null');
    case UPPER_N:
      return skipWord(text, pos, 'NaN');
    case UPPER_I:
      return skipWord(text, pos, 'Infinity');
    case MINUS:
      return text[pos + 1] === UPPER_I ? skipWord(text, pos + 1, 'Infinity') : skipNumber(text, pos);
    default:
      return skipNumber(text, pos);
  }
}

function skipString(text: Buffer, open: number): number {
  const close = closingQuote(text, open);
  return close === -1 ? -1 : close + 1;
}

function skipWord(text: Buffer, pos: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (text[pos + index] !== word.charCodeAt(index)) return -1;
  }
  return pos + word.length;
}

/** RFC 8259, section 6; each step gives -1 on to the next. */
function skipNumber(text: Buffer, pos: number): number {
  const whole = text[pos] === MINUS ? pos + 1 : pos;
  let next = text[whole] === ZERO ? whole + 1 : skipDigits(text, whole);
  if (next !== -1 && text[next] === DOT) next = skipDigits(text, next + 1);
  if (next !== -1 && (text[next] === LOWER_E || text[next] === UPPER_E)) {
    const sign = text[next + 1];
    next = skipDigits(text, sign === PLUS || sign === MINUS ? next + 2 : next + 1);
  }
  return next;
}

/** Index after one digit or more; -1 where there is none. */
function skipDigits(text: Buffer, pos: number): number {
  let next = pos;
  while (isDigit(text[next])) next += 1;
  return next === pos ? -1 : next;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isWhitespace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
