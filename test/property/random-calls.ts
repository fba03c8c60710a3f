import fc from 'fast-check';
import type { CheckRequest } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import { accessKeyOf, modelIds, secrets, unknownSecret } from './random-sites.ts';

/** The proxy's limit in these calls, in bytes: small, so that bodies at and above it are cheap. */
export const bodyBytesMax = 700;

/** One call in words, from which each form of a CheckRequest is made. */
export interface RandomCall {
  /** Names and values in the order of the request, one byte a character; repeats allowed. */
  readonly headers: readonly (readonly [string, string])[];
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly pin: string | undefined;
}

const weighted = <T>(...pairs: readonly (readonly [number, T])[]) =>
  fc.oneof(...pairs.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const keyNear = (modelId: string) => {
  const key = accessKeyOf(modelId);
  return weighted([16, key], [2, ` ${key}\t`], [1, ''], [1, accessKeyOf('m0')], [1, 'unknown'], [1, `${key}\u00ff`]);
};

const bodyValue = (modelId: string) =>
  fc.oneof(
    { weight: 12, arbitrary: keyNear(modelId).map(key => JSON.stringify(key)) },
    { weight: 1, arbitrary: fc.constantFrom('5', 'null', '["x"]', '{"accessKey":"x"}', 'nonsense') },
  );
const memberName = weighted([30, 'accessKey'], [1, 'AccessKey'], [1, 'acce\u017fsKey'], [1, '\\u0061ccessKey']);
const bodyMember = (modelId: string) =>
  fc.tuple(memberName, bodyValue(modelId)).map(([name, value]) => `"${name}":${value}`);
const body = (members: fc.Arbitrary<string[]>) =>
  fc
    .tuple(
      members,
      weighted([12, '"request":{"a":[1,"}"]}'], [1, `"request":"${'x'.repeat(bodyBytesMax)}"`], [1, '"request":[1 2]']),
      weighted([24, '}'], [1, ',}'], [1, ''], [1, '}{}']),
      fc.boolean(),
    )
    .map(([keys, request, end, last]) =>
      Buffer.from(`{${(last ? [request, ...keys] : [...keys, request]).join(',')}${end}`),
    );

const parameter = (modelId: string) =>
  fc
    .tuple(
      weighted([20, 'accessKey'], [1, 'access%4Bey'], [1, 'accesskey']),
      keyNear(modelId),
      weighted([9, false], [1, true]),
    )
    .map(([name, key, raw]) => `${name}=${raw ? key : encodeURIComponent(key)}`);

const secret = weighted<string>(
  ...secrets.map(one => [6, one] as const),
  [1, 'nobody'],
  [1, unknownSecret],
  [1, 'a,b'],
  [1, 's\u00e9'],
);
const notOurs = fc.constantFrom('Basic dTpw', 'Bearer sk-ant-api03-x', 'own', 'a,b', ' ');
const callerHeaders = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(weighted([8, 'Bearer '], [1, 'bearer\t '], [1, 'Basic ']), secret)
      .map(([scheme, key]) => [['authorization', scheme + key]]),
  },
  { weight: 2, arbitrary: secret.map(key => [['x-api-key', key]]) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('api-key', 'X-Goog-Api-Key'), secret).map(pair => [pair]) },
  { weight: 1, arbitrary: fc.constant([]) },
  {
    weight: 2,
    arbitrary: fc.tuple(secret, secret, fc.boolean()).map(([one, other, same]) => [
      ['Authorization', `Bearer ${one}`],
      ['X-Api-Key', same ? one : other],
    ]),
  },
  {
    weight: 2,
    arbitrary: fc
      .uniqueArray(fc.constantFrom('authorization', 'x-api-key', 'api-key', 'x-goog-api-key'), { minLength: 2 })
      .chain(([name = 'api-key', ...rest]) =>
        fc
          .tuple(secret, ...rest.map(() => notOurs))
          .map(([key, ...values]) => [
            [name, name === 'authorization' ? `Bearer ${key}` : key],
            ...rest.map((other, at) => [other, values[at] ?? '']),
          ]),
      ),
  },
);

const bodyHeaders = weighted<readonly (readonly [string, string])[]>(
  [30, []],
  [3, [['content-length', '12']]],
  [1, [['content-length', '99999']]],
  [1, [['content-length', '1,2']]],
  [1, [['x-envoy-auth-partial-body', 'true']]],
  [2, [['x-envoy-auth-partial-body', 'false']]],
  [1, [['content-encoding', 'gzip']]],
  [1, [['content-encoding', 'identity']]],
);

/** Where the key of one model stands: mostly in one place, sometimes in none or in several that may disagree. */
const placements = (modelId: string) => {
  const [member, query, header] = [bodyMember(modelId), parameter(modelId), keyNear(modelId)];
  const upTo = <T>(one: fc.Arbitrary<T>, most: number, least = 0) =>
    fc.array(one, { minLength: least, maxLength: most });
  const only = { body: upTo(member, 0), query: upTo(query, 0), header: upTo(header, 0) };
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ ...only, body: upTo(member, 1, 1) }) },
    { weight: 3, arbitrary: fc.record({ ...only, query: upTo(query, 1, 1) }) },
    { weight: 2, arbitrary: fc.record({ ...only, header: upTo(header, 1, 1) }) },
    { weight: 1, arbitrary: fc.record(only) },
    { weight: 3, arbitrary: fc.record({ body: upTo(member, 2), query: upTo(query, 2), header: upTo(header, 2) }) },
  );
};

/** Calls that mostly name a model and a key of `randomSite`, in every placement and spelling, and with every flaw. */
export const randomCall: fc.Arbitrary<RandomCall> = fc
  .constantFrom(...modelIds)
  .chain(modelId =>
    fc.tuple(
      placements(modelId).chain(({ body: members, query, header }) =>
        fc.record({ body: body(fc.constant(members)), query: fc.constant(query), header: fc.constant(header) }),
      ),
      callerHeaders,
      bodyHeaders,
      weighted([12, undefined], [2, modelId], [1, 'm1'], [1, 'nowhere']),
      fc.boolean(),
    ),
  )
  .map(([placed, caller, about, pin, apart]) => ({
    headers: [
      ...placed.header.map(value => ['x-model-access-key', value] as const),
      ...(caller as [string, string][]),
      ...about,
      ['x-request-id', 'request-1'],
    ],
    path: apart || placed.query.length === 0 ? '/model' : `/model?${placed.query.join('&')}`,
    query: apart ? placed.query.join('&') : '',
    body: placed.body,
    pin,
  }));

export type HeaderForm = 'plain' | 'value' | 'raw_value';

/** The call as Envoy writes it in one of its forms. */
export function checkRequestOf(call: RandomCall, form: HeaderForm, bodyForm: 'raw' | 'text' = 'raw'): CheckRequest {
  const { headers, path, query, body: bytes, pin } = call;
  const bodyFields = bodyForm === 'raw' ? { rawBody: bytes } : { body: bytes.toString('utf8') };
  return {
    attributes: {
      source: { address: { socketAddress: { address: '10.1.2.3', portValue: 51234 } } },
      request: { http: { method: 'POST', path, query, ...bodyFields, ...headerFields(headers, form) } },
      contextExtensions: pin === undefined ? {} : { modelgate_model: pin },
    },
  };
}

/** Headers in one of Envoy's forms, from values of one byte a character. */
export function headerFields(headers: RandomCall['headers'], form: HeaderForm) {
  if (form === 'plain') return { headers: joinedByComma(headers) };
  const entry = ([key, value]: readonly [string, string]) =>
    form === 'value' ? { key, value: asText(value) } : { key, rawValue: Buffer.from(value, 'latin1') };
  return { headerMap: { headers: headers.map(entry) } };
}

/** Envoy's plain map: names in lower case, repeats joined by a comma. */
function joinedByComma(headers: RandomCall['headers']): Record<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = map.get(name.toLowerCase());
    map.set(name.toLowerCase(), before === undefined ? asText(value) : `${before},${asText(value)}`);
  }
  return Object.fromEntries(map);
}

/** What Envoy makes of a header's bytes where it has to write text: an exclamation mark for each that is no UTF-8 (T5). */
function asText(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? value.replace(/[\u0080-\u00ff]/g, '!') : text;
}
