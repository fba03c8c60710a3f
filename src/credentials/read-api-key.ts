import { type ApiKeyClaim, type ApiKeyHeader, apiKeyHeaders, type CredentialSource } from './credentials.ts';
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

/**
 * Reads who calls from the headers of API keys (B6, B53): `authorization` with the scheme Bearer, the others bare. A header
 * that is blank is not there. Which of several counts depends on the keys that are known, so that they are handed on.
 */
export function readApiKey(source: Pick<CredentialSource, 'header'>): ApiKeyClaim {
  let only: ApiKeyClaim = ABSENT;
  for (let index = 0; index < apiKeyHeaders.length; index += 1) {
    const name = apiKeyHeaders[index] as ApiKeyHeader;
    const value = source.header(name);
    if (value === undefined) continue;
    const claim = readHeader(name, trimWhitespace(value));
    if (claim.kind === 'absent') continue;
    if (only.kind === 'absent') only = claim;
    else if (only.kind !== 'one' || claim.kind !== 'one' || only.apiKey !== claim.apiKey) return allOf(source);
  }
  return only;
}

/** Few calls have several that are not one key, so that this may cost. */
function allOf(source: Pick<CredentialSource, 'header'>): ApiKeyClaim {
  const sent = apiKeyHeaders.flatMap(name => {
    const value = trimWhitespace(source.header(name) ?? '');
    const claim = readHeader(name, value);
    return claim.kind === 'absent' ? [] : [{ value, apiKey: claim.kind === 'one' ? claim.apiKey : undefined }];
  });
  return { kind: 'several', sent };
}

function readHeader(name: ApiKeyHeader, value: string): ApiKeyClaim {
  return name === 'authorization' ? readBearer(value) : readBare(value);
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
