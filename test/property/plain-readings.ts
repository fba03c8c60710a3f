import type { CheckRequest__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import type { BodyScan } from '../../src/credentials/scan-body.ts';
import type { Claims, SentKey } from './plain-model.ts';
import { plainQuery } from './plain-query.ts';
import { plainScan, readableKeys, trimmed } from './plain-scan.ts';

type AccessKey = Claims['accessKey'];
/** What query and header say together, before the body is asked. */
type Elsewhere = 'absent' | 'ambiguous' | { readonly key: string };

/**
 * What a CheckRequest says of itself (behaviour.md, B2 to B6a), read with `split`, regular expressions and `JSON.parse`.
 * More than one reading is right only where `JSON.parse` refuses the body: then a key that stands in it may be read or
 * not (B5), and what was read may contradict a key from elsewhere.
 */
export function plainReadings(request: CheckRequest__Output, bodyBytesMax: number): readonly Claims[] {
  const http = request.attributes?.request?.http;
  const header = headerReader(http);
  const body = http === null || http === undefined ? '' : http.rawBody.length > 0 ? http.rawBody : http.body;
  const bytes = Buffer.from(body);
  const keys = [
    ...keysOf([plainQuery(http?.path ?? '', http?.query ?? '').placement]),
    ...headerKeys(header('x-model-access-key')),
  ];
  const apiKeys = sentKeys(header);
  const pin = request.attributes?.contextExtensions['modelgate_model'];
  const isEncoded = !/^\s*(identity)?\s*$/i.test(header('content-encoding') ?? '');
  const isPartial = isCut(header, bytes.length, bodyBytesMax);
  return withBody(joined(keys), bytes.toString('utf8'), isEncoded, isPartial).map(accessKey => ({
    accessKey,
    apiKeys,
    pin,
  }));
}

type Header = (name: string) => string | undefined;
type Http = NonNullable<NonNullable<CheckRequest__Output['attributes']>['request']>['http'];

/** T4: the plain map where there is no list of raw headers; repeats are joined by commas. */
function headerReader(http: Http | undefined): Header {
  const raw = (http?.headerMap?.headers ?? []).map(({ key, value, rawValue }) => [
    key,
    rawValue.length > 0 ? Buffer.from(rawValue).toString('latin1') : value,
  ]);
  const pairs = raw.length > 0 ? raw : Object.entries(http?.headers ?? {});
  return name => {
    const values = pairs.filter(([key]) => key?.toLowerCase() === name).map(([, value]) => value);
    return values.length === 0 ? undefined : values.join(',');
  };
}

function keysOf(placements: readonly { kind: string; accessKey?: string }[]): (string | null)[] {
  return placements.flatMap(({ kind, accessKey }) => (kind === 'ambiguous' ? [null] : accessKey ? [accessKey] : []));
}

/** null stands for a placement that contradicts itself. */
function headerKeys(value: string | undefined): (string | null)[] {
  const parts = new Set((value ?? '').split(',').map(trimmed));
  const [only] = parts;
  return parts.size > 1 ? [null] : only ? [only] : [];
}

function joined(keys: readonly (string | null)[]): Elsewhere {
  const [key] = keys;
  if (key === undefined) return 'absent';
  return key === null || new Set(keys).size > 1 ? 'ambiguous' : { key };
}

function isCut(header: Header, bytes: number, bodyBytesMax: number): boolean {
  const flags = (header('x-envoy-auth-partial-body') ?? '').split(',').map(trimmed);
  const announced = header('content-length');
  const isMore = announced !== undefined && !(/^\s*\d+\s*$/.test(announced) && Number(announced) <= bytes);
  return bytes >= bodyBytesMax || isMore || flags.some(flag => flag?.toLowerCase() === 'true');
}

function withBody(elsewhere: Elsewhere, text: string, isEncoded: boolean, isPartial: boolean): AccessKey[] {
  if (elsewhere === 'ambiguous') return ['ambiguous'];
  const scan = plainScan(text);
  if (scan !== undefined) return [withJson(elsewhere, scan, isEncoded, isPartial)];
  const keys = isEncoded || isPartial ? [] : [...readableKeys(text)].filter(key => key !== '');
  const readable = keys.filter(key => elsewhere === 'absent' || elsewhere.key === key).map(key => ({ key }));
  if (isPartial && elsewhere === 'absent') return ['ambiguous', ...seenIn(isEncoded ? '' : text)];
  return [elsewhere, ...readable, 'ambiguous', 'not_a_string'];
}

/** Whatever of a part of a body may be read. */
function seenIn(text: string): AccessKey[] {
  const keys = [...readableKeys(text)].filter(key => key !== '').map(key => ({ key }));
  return (['absent', 'not_a_string', ...keys] as const).map(seenInPart => ({ seenInPart }));
}

function withJson(elsewhere: Elsewhere, scan: BodyScan, isEncoded: boolean, isPartial: boolean): AccessKey {
  const inBody = scan.accessKey ? [scan.accessKey] : [];
  const all = joined([...(typeof elsewhere === 'object' ? [elsewhere.key] : []), ...inBody]);
  if (scan.conflict || all === 'ambiguous') return 'ambiguous';
  if (scan.folded !== undefined && all !== 'absent' && scan.folded !== all.key) return 'ambiguous';
  const read = scan.notAString ? 'not_a_string' : all;
  if (isPartial && elsewhere === 'absent') return { seenInPart: isEncoded ? 'absent' : read };
  return isEncoded ? elsewhere : read;
}

/** A comma or a byte outside printable ASCII makes a key malformed (B6, B53). */
function sentKeys(header: Header): readonly SentKey[] {
  return ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'].flatMap(name => {
    const value = trimmed(header(name) ?? '') ?? '';
    const bare = name === 'authorization' ? (/^bearer[ \t]+(.*)$/is.exec(value)?.[1] ?? '') : value;
    return value === '' ? [] : [{ value, key: /^[!-+\--~]+$/.test(bare) ? bare : undefined }];
  });
}
