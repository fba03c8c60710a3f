import { expect } from 'chai';
import fc from 'fast-check';
import type { Decision } from '../../src/decision/decision.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { accessKeys, apiKeys, snapshotWith, testNow } from '../support/site.ts';
import { Tally } from '../support/tally.ts';
import { encodeCheck, judge, verdictOf } from './judge.ts';
import { type HeaderForm, headerFields, type RandomCall } from './random-calls.ts';

const anyCase = (name: string) =>
  fc.constantFrom(name, name, name.toUpperCase(), name.replace(/^x/, 'X').replaceAll('-a', '-A'));
const blankAround = (value: string) => fc.constantFrom(value, value, value, ` ${value}`, `${value}\t`, `${value},`);
const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 6 })
  .map(some => Buffer.from(some).toString('latin1').replaceAll('!', '?'));
const oneOf = (...values: readonly string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...values).chain(blankAround) },
    { weight: 1, arbitrary: fc.constantFrom(...values).map(value => `${value}\u00ff`) },
    { weight: 1, arbitrary: bytes },
  );

const { viewer, outsider, expired, application } = apiKeys;
const caller = fc.constantFrom(viewer, viewer, viewer, outsider, expired, application);
const keys = oneOf(viewer, viewer, viewer, outsider, expired, application);
const header = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(anyCase('x-model-access-key'), oneOf(accessKeys.fraud, accessKeys.open)) },
  {
    weight: 5,
    arbitrary: fc.tuple(
      anyCase('authorization'),
      keys.map(key => `Bearer ${key}`),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(anyCase('x-api-key'), keys) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('api-key', 'Api-Key', 'x-goog-api-key'), keys) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('x_model_access_key', 'x_api_key', '__proto__', 'x-other'), keys) },
  { weight: 1, arbitrary: fc.tuple(anyCase('content-length'), fc.constantFrom('2', '3', '2,2', 'x')) },
  { weight: 1, arbitrary: fc.tuple(anyCase('x-envoy-auth-partial-body'), fc.constantFrom('true', 'false', 'TRUE')) },
  { weight: 1, arbitrary: fc.tuple(anyCase('content-encoding'), fc.constantFrom('gzip', 'identity', 'br')) },
  { weight: 1, arbitrary: fc.tuple(anyCase('content-type'), fc.constantFrom('application/grpc', 'text/plain')) },
  { weight: 1, arbitrary: fc.tuple(anyCase('x-request-id'), fc.constantFrom('request-1', 'a b', 'r'.repeat(200))) },
);
/** Mostly a key of each kind, so that many sets are allowed. */
const headerSet: fc.Arbitrary<[string, string][]> = fc
  .tuple(
    fc.option(fc.constant<[string, string]>(['x-model-access-key', accessKeys.fraud])),
    fc.option(caller.map<[string, string]>(key => ['authorization', `Bearer ${key}`])),
    fc.array(header, { maxLength: 3 }),
  )
  .map(([accessKey, apiKey, more]) => [...(accessKey ? [accessKey] : []), ...(apiKey ? [apiKey] : []), ...more]);

const reasons = [
  ...['authorized', 'authentication_off', 'not_authorized', 'access_key_missing', 'access_key_ambiguous'],
  ...['access_key_unknown', 'body_incomplete', 'api_key_missing', 'api_key_invalid', 'api_key_ambiguous'],
  ...['api_key_expired', 'audience_mismatch'],
];

describe('T4 the two forms of headers', () => {
  const cell = new SnapshotCell();
  cell.publish(snapshotWith(), testNow);

  function answerTo(headers: RandomCall['headers'], form: HeaderForm) {
    const http = { path: '/model', rawBody: Buffer.from('{}'), ...headerFields(headers, form) };
    return judge(cell, encodeCheck({ attributes: { request: { http } } }));
  }

  it('lead to one decision and one answer, whatever the headers', () => {
    const tally = new Tally();
    const property = fc.property(headerSet, headers => {
      const plain = answerTo(headers, 'plain');
      const raw = answerTo(headers, 'raw_value');
      tally.note(verdictOf(plain.decision).reason);
      expect(answerTo(headers, 'value').answer.equals(plain.answer)).to.equal(true);
      if (headers.every(isUtf8)) expect(raw.answer.equals(plain.answer)).to.equal(true);
      else expect(grant(raw.decision)).to.deep.equal(grant(plain.decision));
    });
    tally.expectEach(reasons, checkProperty(property, 10_000) / 200);
  }).timeout(propertyTimeoutMs);
});

function isUtf8([, value]: readonly [string, string]): boolean {
  return !Buffer.from(value, 'latin1').toString('utf8').includes('\ufffd');
}

/**
 * Bytes that are no UTF-8 come as `!` in a text, so that two malformed keys may look like two that differ: what is
 * allowed, and to whom, must be the same all the same.
 */
function grant({ outcome, model, caller }: Decision): object {
  return outcome === 'allow' ? { outcome, model, caller } : { outcome };
}
