import { ABSENT, AMBIGUOUS, type Placement, placementOf } from './placement.ts';
import { trimWhitespace } from './trim-whitespace.ts';

export interface QueryReading {
  readonly placement: Placement;
  /** A parameter named exactly `accessKey` is there, blank or not (B25). */
  readonly named: boolean;
}

const NAME = 'accessKey';
const NAME_ENCODED = Array.from(NAME, letter => `%${letter.charCodeAt(0).toString(16)}`);
const PERCENT = 0x25;
const EQUALS = 0x3d;
const NOTHING: QueryReading = { placement: ABSENT, named: false };

/**
 * Reads the query parameter `accessKey` (B2 to B4). This is the whole grammar (T10):
 *
 *     query     = parameter *( "&" parameter )     nothing else splits: ";", "#" and NUL are ordinary
 *     parameter = name [ "=" value ]               the name ends at the first "="
 *
 * There are two queries, read as one placement: what follows the first "?" of the path, and the separate query field.
 * The name is compared raw, as Envoy does when it strips parameters; its case counts. The value is percent-decoded
 * once, `+` stays, and what can't be decoded stays as it is, to match no key. A name that only decodes to `accessKey`
 * is ambiguous, since Envoy would leave it in place.
 */
export function readQuery(path: string, query: string): QueryReading {
  const mark = path.indexOf('?');
  if (mark === -1 && query === '') return NOTHING;
  const found: Found = { raw: undefined, value: undefined, ambiguous: false };
  if (mark !== -1) readParameters(path, mark + 1, found);
  readParameters(query, 0, found);
  return { placement: found.ambiguous ? AMBIGUOUS : placementOf(found.value), named: found.raw !== undefined };
}

interface Found {
  /** First value as it was sent, kept so that a long row of equal parameters is decoded once. */
  raw: string | undefined;
  value: string | undefined;
  ambiguous: boolean;
}

function readParameters(text: string, from: number, found: Found): void {
  let start = from;
  while (start < text.length) {
    const split = text.indexOf('&', start);
    const end = split === -1 ? text.length : split;
    readParameter(text, start, end, found);
    start = end + 1;
  }
}

function readParameter(text: string, start: number, end: number, found: Found): void {
  const nameEnd = endOfName(text, start);
  if (nameEnd === -1 || (nameEnd !== end && text.charCodeAt(nameEnd) !== EQUALS)) return;
  if (nameEnd - start > NAME.length) {
    found.ambiguous = true;
    return;
  }
  const raw = text.slice(nameEnd + 1, end);
  if (found.raw === undefined) {
    found.raw = raw;
    found.value = readValue(raw);
  } else if (!found.ambiguous && raw !== found.raw && readValue(raw) !== found.value) {
    found.ambiguous = true;
  }
}

/** Where a name that is `accessKey`, or decodes to it, ends; -1 for any other. Reads 27 characters at most. */
function endOfName(text: string, start: number): number {
  let pos = start;
  for (let letter = 0; letter < NAME.length; letter += 1) {
    const code = text.charCodeAt(pos);
    if (code === NAME.charCodeAt(letter)) pos += 1;
    else if (code === PERCENT && text.slice(pos, pos + 3).toLowerCase() === NAME_ENCODED[letter]) pos += 3;
    else return -1;
  }
  return pos;
}

function readValue(raw: string): string {
  return trimWhitespace(decodeOnce(raw));
}

function decodeOnce(raw: string): string {
  if (!raw.includes('%')) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
