import { closingQuote } from './read-string.ts';
import { skipValue, skipWhitespace } from './skip-value.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSE_BRACE = 0x7d;

/**
 * Index at which the object opened at `open` stops being JSON: where a name, a sign or a value is expected and none begins that
 * can be read; -1 where no such place is found. A fault inside a value is told by where the
 * value begins; of nested ones no more is looked at than skipValue does.
 */
export function findFault(text: Buffer, open: number): number {
  let pos = skipWhitespace(text, open + 1);
  if (text[pos] === CLOSE_BRACE) return faultBehind(text, pos);
  for (;;) {
    const close = text[pos] === QUOTE ? closingQuote(text, pos) : -1;
    if (close === -1) return pos;
    const colon = skipWhitespace(text, close + 1);
    if (text[colon] !== COLON) return colon;
    const start = skipWhitespace(text, colon + 1);
    const end = skipValue(text, start);
    if (end === -1) return start;
    pos = skipWhitespace(text, end);
    if (text[pos] === CLOSE_BRACE) return faultBehind(text, pos);
    if (text[pos] !== COMMA) return pos;
    pos = skipWhitespace(text, pos + 1);
  }
}

/** Behind the closing brace nothing may follow. */
function faultBehind(text: Buffer, brace: number): number {
  const end = skipWhitespace(text, brace + 1);
  return end === text.length ? -1 : end;
}
