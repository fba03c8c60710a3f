import { closingQuote } from './read-string.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const OPEN_BRACKET = 0x5b;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const OPEN_BRACE = 0x7b;

/**
 * What a byte does outside strings; all that has no place there ends the reading, comments and single quotes above
 * all.
 */
const ILLEGAL = 0;
const PLAIN = 1;
const OPENS = 2;
const CLOSES = 3;
const STARTS_STRING = 4;
const EFFECT = effects();

function effects(): Uint8Array {
  const table = new Uint8Array(256).fill(ILLEGAL);
  const mark = (bytes: string, effect: number) => {
    for (const byte of Buffer.from(bytes)) table[byte] = effect;
  };
  mark(' \t\n\r,:+-.0123456789Eaeflnrstu', PLAIN);
  mark('[{', OPENS);
  mark(']}', CLOSES);
  mark('"', STARTS_STRING);
  return table;
}

/** Index of the first byte at or after `pos` that is no JSON whitespace. */
export function skipWhitespace(text: Buffer, pos: number): number {
  let next = pos;
  while (isWhitespace(text[next])) next += 1;
  return next;
}

/**
 * Index after the JSON value that starts at `pos`, or -1 where it is malformed or the text ends in it (B5). Scalars are
 * held to their grammar. Of a nested value only the depth is counted, so that no depth costs memory (T8).
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
    default:
      return skipNumber(text, pos);
  }
}

function skipString(text: Buffer, open: number): number {
  const close = closingQuote(text, open);
  return close === -1 ? -1 : close + 1;
}

function skipNested(text: Buffer, open: number): number {
  const { length } = text;
  let depth = 0;
  for (let pos = open; pos < length; pos += 1) {
    const effect = EFFECT[text[pos] as number];
    if (effect === PLAIN) continue;
    if (effect === STARTS_STRING) {
      pos = closingQuote(text, pos);
      if (pos === -1) return -1;
    } else if (effect === OPENS) {
      depth += 1;
    } else if (effect === CLOSES) {
      depth -= 1;
      if (depth === 0) return pos + 1;
    } else {
      return -1;
    }
  }
  return -1;
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
