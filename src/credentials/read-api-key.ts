import type { ApiKeyClaim } from './credentials.ts';
import { trimWhitespace } from './trim-whitespace.ts';

const SCHEME = 'bearer';
const SPACE = 0x20;
const TAB = 0x09;
const COMMA = 0x2c;
const FIRST_PRINTABLE = 0x21;
const LAST_PRINTABLE = 0x7e;

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
  if (value.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return MALFORMED;
  let start = SCHEME.length;
  while (isBlank(value.charCodeAt(start))) start += 1;
  return start === SCHEME.length ? MALFORMED : claimOf(value.slice(start));
}

function readBare(value: string): ApiKeyClaim {
  return value === '' ? ABSENT : claimOf(value);
}

/** A comma means a repeated header, which of two keys would be a guess; other bytes never stand in a key (T4, T5). */
function claimOf(apiKey: string): ApiKeyClaim {
  for (let index = 0; index < apiKey.length; index += 1) {
    const code = apiKey.charCodeAt(index);
    if (code < FIRST_PRINTABLE || code > LAST_PRINTABLE || code === COMMA) return MALFORMED;
  }
  return { kind: 'one', apiKey };
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
