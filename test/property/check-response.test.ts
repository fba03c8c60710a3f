import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Permission } from '../../src/changes/change-set.ts';
import { AnswerEncoder } from '../../src/check/answer/answer-encoder.ts';
import { denialAnswers } from '../../src/check/answer/denial-answers.ts';
import { loadAuthorizationPackage } from '../../src/check/wire/authorization-service.ts';
import { ByteWriter } from '../../src/check/wire/byte-writer.ts';
import type { CheckResponse } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckResponse.ts';
import { apiKeyHeaders } from '../../src/credentials/credentials.ts';
import type { Allow, Caller, DenialReason, Deny } from '../../src/decision/decision.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { allowResponse } from '../support/reference/allow-response.ts';
import { deniedResponse } from '../support/reference/denied-response.ts';
import { put } from '../support/site.ts';

const { responseSerialize, responseDeserialize } = loadAuthorizationPackage().Authorization.service.Check;

/** Lengths around those at which a length takes one byte more, at each level of nesting. */
const text = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z0-9._-]{0,24}$/) },
  { weight: 2, arbitrary: fc.integer({ min: 40, max: 140 }).map(length => 'x'.repeat(length)) },
  { weight: 1, arbitrary: fc.integer({ min: 16_200, max: 16_400 }).map(length => 'y'.repeat(length)) },
  { weight: 1, arbitrary: fc.constantFrom('é', 'naïve', '模型', '😀', '\u007f', '\u0080', '\u00ff'.repeat(70)) },
);
const permission = fc.constantFrom<Permission | undefined>(
  ...['business_user', 'read', 'operator', 'write', 'admin'].map(held => held as Permission),
  undefined,
);
const caller: fc.Arbitrary<Caller> = fc.record({
  principal: text,
  principalKind: fc.constantFrom('user', 'application'),
  keyId: text,
  permission,
});
const model = fc.tuple(text, text, text, fc.boolean()).map(([model_id, project_id, target, auth_enabled]) => {
  const flags = { auth_enabled, auth_shadow: false, stopped: false };
  return put('model', { model_id, project_id, target, access_key_digest: '', ...flags }).row as Allow['model'];
});
const revision = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 2 ** 40, Number.MAX_SAFE_INTEGER));
const reasons = Object.keys(denialAnswers) as DenialReason[];
const reason = fc.constantFrom(...reasons);

const allow: fc.Arbitrary<Allow> = fc.record({
  outcome: fc.constant('allow'),
  reason: fc.constantFrom('authorized', 'authentication_off'),
  revision,
  model,
  caller: fc.option(caller, { nil: undefined }),
  shadowReason: fc.option(reason, { nil: undefined }),
});
const toRemove = fc.record({
  credentialHeaders: fc.subarray([...apiKeyHeaders]),
  accessKeyInQuery: fc.boolean(),
  headersWithOwnKeys: fc.oneof(fc.constant([]), fc.array(fc.stringMatching(/^x-[a-z0-9-]{1,140}$/), { maxLength: 3 })),
  parametersWithOwnKeys: fc.oneof(fc.constant([]), fc.array(text, { maxLength: 3 })),
});
const deny: fc.Arbitrary<Deny> = fc.record({
  outcome: fc.constant('deny'),
  reason,
  revision,
  model: fc.option(model, { nil: undefined }),
  caller: fc.option(caller, { nil: undefined }),
});
const deniedCall = fc.record({
  requestId: fc.oneof(fc.stringMatching(/^[!-~]{0,128}$/), fc.constantFrom('', '"\\', '\\'.repeat(128))),
  isGrpc: fc.boolean(),
});

const encoder = new AnswerEncoder();

/** What is appended to what was written before, which must stay. */
function written(write: (out: ByteWriter) => void): unknown {
  const out = new ByteWriter(3);
  out.at = 3;
  out.buffer.write('abc');
  write(out);
  expect(out.buffer.toString('latin1', 0, 3)).to.equal('abc');
  return responseDeserialize(out.buffer.subarray(3, out.at));
}

function expectAnswer(answer: unknown, reference: CheckResponse): void {
  const expected = responseDeserialize(responseSerialize(reference));
  if (!isDeepStrictEqual(answer, expected)) expect(answer).to.deep.equal(expected);
}

describe('B24 B27 an answer that is written as bytes', () => {
  it('is the message of the allowed call, field by field', () => {
    const property = fc.property(allow, toRemove, (decision, removed) => {
      expectAnswer(
        written(out => encoder.writeAllow(decision, removed, out)),
        allowResponse(decision, removed),
      );
    });
    checkProperty(property, 5000);
  }).timeout(propertyTimeoutMs);

  it('is the message of the denied call, its body the JSON or the sentence of its reason', () => {
    const property = fc.property(deny, deniedCall, (decision, call) => {
      expectAnswer(
        written(out => encoder.writeDenial(decision, call, out)),
        deniedResponse(decision, call),
      );
    });
    checkProperty(property, 5000);
  }).timeout(propertyTimeoutMs);
});
