import type { ApiKeyClaim } from './credentials.ts';
import { trimWhitespace } from './trim-whitespace.ts';

const SCHEME = 'bearer';
const SPACE = 0x20;
const TAB = 0x09;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;

const printableButComma = /^[!-+\--~]+$/;

const ABSENT: ApiKeyClaim = { kind: 'absent' };
const MALFORMED: ApiKeyClaim = { kind: 'malformed' };
const AMBIGUOUS: ApiKeyClaim = { kind: 'ambiguous' };

/**
 * Reads who calls from the values of `authorization` and `x-api-key` (B6). A header that is blank is not there. Two
 * that differ are ambiguous, also where one of them is malformed: nobody can say which of them the caller meant.
 */
export function readApiKey(authorization: string | undefined, apiKeyHeader: string | undefined): ApiKeyClaim {
  const bearer = readBearer(trimWhitespace(authorization ?? ''));
  const bare = readBare(trimWhitespace(apiKeyHeader ?? ''));
  if (bearer.kind === 'absent') return bare;
  if (bare.kind === 'absent') return bearer;
  if (bearer.kind === 'one' && bare.kind === 'one') return bearer.apiKey === bare.apiKey ? bearer : AMBIGUOUS;
  return bearer.kind === bare.kind ? MALFORMED : AMBIGUOUS;
}

function readBearer(value: string): ApiKeyClaim {
  if (value === '') return ABSENT;
  if (!hasScheme(value)) return MALFORMED;
  let start = SCHEME.length;
  while (isBlank(value.charCodeAt(start))) start += 1;
  return start === SCHEME.length ? MALFORMED : claimOf(value, start);
}

/** The first six letters without regard to case; those of a shorter text are no numbers. */
function hasScheme(value: string): boolean {
  for (let index = 0; index < SCHEME.length; index += 1) {
    const code = value.charCodeAt(index);
    const folded = code >= UPPER_A && code <= UPPER_Z ? code + TO_LOWER : code;
    if (folded !== SCHEME.charCodeAt(index)) return false;
  }
  return true;
}

function readBare(value: string): ApiKeyClaim {
  return value === '' ? ABSENT : claimOf(value, 0);
}

/** A comma means a repeated header, which of two keys would be a guess; other bytes never stand in a key (T4, T5). */
function claimOf(value: string, start: number): ApiKeyClaim {
  const apiKey = value.slice(start);
  return printableButComma.test(apiKey) ? { kind: 'one', apiKey } : MALFORMED;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
