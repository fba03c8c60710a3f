import { isUtf8 } from 'node:buffer';

/** Bytes or a text from outside that can't be taken; the message says why and what to do, and repeats nothing of them. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
}

const lineFeed = 0x0a;
const zero = 0;

/**
 * The text that bytes from outside are, without a byte order mark. Throws an UnreadableInput where they are no UTF-8: a
 * lenient decoder puts U+FFFD in place of what it can't read, and that would be stored (T5).
 */
export function decodeText(bytes: Uint8Array): string {
  const other = otherEncoding(bytes);
  if (other !== undefined) {
    throw new UnreadableInput(`is ${other}: save it as UTF-8`);
  }
  if (!isUtf8(bytes)) {
    throw new UnreadableInput(
      `is no UTF-8 from line ${firstBadLine(bytes)} on; if it is Windows-1252 or Latin-1, save it as UTF-8`,
    );
  }
  return new TextDecoder().decode(bytes);
}

/** By its byte order mark, or by the zero bytes that its first character has beside it: JSON, YAML and CSV begin with ASCII. */
function otherEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === undefined || b === undefined) {
    return undefined;
  }
  const hasMark = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  if ((a === zero && b === zero) || (c === zero && d === zero && (hasMark || b === zero))) {
    return c === undefined || d === undefined ? undefined : 'UTF-32';
  }
  return hasMark || (a === zero) !== (b === zero) ? 'UTF-16' : undefined;
}

/** No byte of a longer character is a line feed, so each line is UTF-8 by itself or is not. */
function firstBadLine(bytes: Uint8Array): number {
  let [line, from] = [1, 0];
  for (;;) {
    const end = bytes.indexOf(lineFeed, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) {
      return line;
    }
    line += 1;
    from = end + 1;
  }
}
