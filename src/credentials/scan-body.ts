import { matchName } from './json/match-name.ts';
import { closingQuote, decodeString } from './json/read-string.ts';
import { skipValue, skipWhitespace } from './json/skip-value.ts';
import { wideObject } from './json/wide-text.ts';
import { trimWhitespace } from './trim-whitespace.ts';

/** What the top-level members of a body say of the access key, as far as the text could be read (B2, B4, B5). */
export interface BodyScan {
  /** Trimmed value of the member `accessKey`, maybe blank; undefined where no such member holds a string. */
  readonly accessKey: string | undefined;
  /** Two members `accessKey` contradict each other. The scan ends there, so the other fields say nothing more. */
  readonly conflict: boolean;
  /** There is a member `accessKey`, and it holds no string. */
  readonly notAString: boolean;
  /** Trimmed value of the members that only fold to `accessKey`; null where no key can equal them all. */
  readonly folded: string | null | undefined;
  /** The text is one complete object with only whitespace around it. Nested values are not checked in full. */
  readonly whole: boolean;
}

type Findings = { -readonly [Field in keyof BodyScan]: BodyScan[Field] };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Bytes of a byte order mark in UTF-8, which readers in Python and .NET pass over. */
export const markLength = 3;

/** A value other than a string, among the values of members. */
const NO_STRING = null;

/**
 * Reads the top-level members of a JSON text in one pass over its bytes, in linear time and without building objects
 * (T8). On every text that `JSON.parse` accepts it finds just the `accessKey` that `JSON.parse` would, with
 * duplicates tracked; on any other it finds what stood before the fault (B5). A byte order mark, and the numbers that Python
 * writes and JSON lacks, are no fault: models read them. Any top level but an object holds no key.
 */
export function scanBody(text: Buffer): BodyScan {
  const found: Findings = {
    accessKey: undefined,
    conflict: false,
    notAString: false,
    folded: undefined,
    whole: false,
  };
  const start = skipWhitespace(text, isMarked(text) ? markLength : 0);
  if (text[start] !== OPEN_BRACE || text[start + 1] === 0) return scanWide(text, found);
  const end = readMembers(text, start + 1, found);
  found.whole = end !== -1 && skipWhitespace(text, end) === text.length;
  return found;
}

/** What stands in UTF-16 or UTF-32 names no model, but models in Python would read it: so it may contradict a key from elsewhere. */
function scanWide(text: Buffer, found: Findings): BodyScan {
  const object = wideObject(text);
  if (object) readMembers(object, skipWhitespace(object, 0) + 1, found);
  return found;
}

/** Whether it begins with UTF-8's mark, which is passed over (B5). */
export function isMarked(text: Buffer): boolean {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
}

/** Index after the closing brace, or -1 where the text is malformed, ends too soon, or needs no more reading. */
function readMembers(text: Buffer, start: number, found: Findings): number {
  let pos = skipWhitespace(text, start);
  if (text[pos] === CLOSE_BRACE) return pos + 1;
  for (;;) {
    pos = readMember(text, pos, found);
    if (pos === -1 || found.conflict) return -1;
    pos = skipWhitespace(text, pos);
    if (text[pos] === CLOSE_BRACE) return pos + 1;
    if (text[pos] !== COMMA) return -1;
    pos = skipWhitespace(text, pos + 1);
  }
}

/** Index after the member's value, or -1. */
function readMember(text: Buffer, open: number, found: Findings): number {
  const close = text[open] === QUOTE ? closingQuote(text, open) : -1;
  if (close === -1) return -1;
  const name = matchName(text, open, close);
  const colon = skipWhitespace(text, close + 1);
  if (name === 'malformed' || text[colon] !== COLON) return -1;
  const start = skipWhitespace(text, colon + 1);
  const end = skipValue(text, start);
  if (name === 'other') return end;
  const value = readValue(text, start, end);
  if (value === undefined) return -1;
  if (name === 'exact') noteAccessKey(found, value);
  else noteFolded(found, value);
  return end;
}

/**
 * The trimmed string at `start`, or that there is none; undefined where it can't be told. What does not begin as a
 * string is none whatever follows, so that the cut prefix of a long array counts too.
 */
function readValue(text: Buffer, start: number, end: number): string | null | undefined {
  if (start < text.length && text[start] !== QUOTE) return NO_STRING;
  const value = end === -1 ? undefined : decodeString(text, start, end - 1);
  return value === undefined ? undefined : trimWhitespace(value);
}

function noteAccessKey(found: Findings, value: string | null): void {
  if (value === NO_STRING) {
    found.conflict = found.accessKey !== undefined;
    found.notAString = true;
  } else {
    found.conflict = found.notAString || (found.accessKey !== undefined && found.accessKey !== value);
    found.accessKey ??= value;
  }
}

function noteFolded(found: Findings, value: string | null): void {
  found.folded = found.folded === undefined || found.folded === value ? value : null;
}
