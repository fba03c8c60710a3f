import { expect } from 'chai';
import fc from 'fast-check';
import { checkAsyncProperty, checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { type CheckService, startCheckService } from '../support/check-service.ts';
import { snapshotWith, testNow } from '../support/site.ts';
import { Tally } from '../support/tally.ts';
import { encodeCheck, expectVerdict, judge, verdictOf } from './judge.ts';
import { mutated, mutation } from './mutated-bytes.ts';
import { plainVerdict } from './plain-model.ts';
import { plainReadings } from './plain-readings.ts';
import { plainRequest } from './plain-request.ts';
import { bodyBytesMax, checkRequestOf, type HeaderForm, randomCall } from './random-calls.ts';
import { cellOf, randomSite } from './random-sites.ts';

const checkBytes = fc
  .tuple(randomCall, fc.constantFrom<HeaderForm>('plain', 'value', 'raw_value'), fc.constantFrom('raw', 'text'))
  .map(([call, form, bodyForm]) => encodeCheck(checkRequestOf(call, form, bodyForm as 'raw' | 'text')));

/** Changed within, cut short, or two messages in a row, which a decoder merges into one. */
const mutatedBytes = fc.oneof(
  {
    weight: 18,
    arbitrary: fc
      .tuple(checkBytes, fc.array(mutation, { minLength: 1, maxLength: 2 }))
      .map(([bytes, mutations]) => mutated(bytes, mutations)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(checkBytes, fc.nat()).map(([bytes, kept]) => bytes.subarray(0, kept % (bytes.length + 1))),
  },
  { weight: 1, arbitrary: fc.tuple(checkBytes, checkBytes).map(both => Buffer.concat(both)) },
);

/** Fields that no version of the message has, in each wire type but groups: they must be skipped. */
const unknownField = fc
  .tuple(fc.integer({ min: 1000, max: 2 ** 24 }), fc.constantFrom(0, 1, 2, 5))
  .map(([field, type]) => {
    const tag: number[] = [];
    for (let rest = (field << 3) | type; rest > 0; rest >>>= 7) tag.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    const content = { 0: [0x96, 0x01], 1: Array(8).fill(7), 2: [3, 1, 2, 3], 5: Array(4).fill(7) }[type] ?? [];
    return Buffer.from([...tag, ...content]);
  });

describe('T5, T11 bytes in place of a CheckRequest', () => {
  it('are always answered, and allowed only where the plain model allows what was decoded', () => {
    const tally = new Tally();
    const property = fc.property(randomSite, fc.array(mutatedBytes, { minLength: 4, maxLength: 4 }), (site, calls) => {
      const cell = cellOf(site);
      for (const bytes of calls) {
        const { request } = plainRequest(bytes);
        const verdict = verdictOf(judge(cell, bytes).decision);
        tally.note(verdict.reason);
        const readings = request && plainReadings(request, bodyBytesMax);
        const verdicts = readings?.map(reading => plainVerdict(site, reading, testNow));
        expectVerdict(verdict, verdicts ?? [{ outcome: 'deny', reason: 'check_malformed' }]);
      }
    });
    const cases = checkProperty(property, 5000);
    tally.expectEach(['check_malformed', 'authorized', 'access_key_unknown', 'api_key_invalid'], cases / 20);
  }).timeout(propertyTimeoutMs);

  it('lead to the same decision with unknown fields beside the known ones', () => {
    const property = fc.property(randomSite, checkBytes, unknownField, fc.boolean(), (site, bytes, field, before) => {
      const cell = cellOf(site);
      const more = Buffer.concat(before ? [field, bytes] : [bytes, field]);
      const [answer, expected] = [more, bytes].map(sent => judge(cell, sent).answer.toString('latin1'));
      expect(answer).to.equal(expected);
    });
    checkProperty(property, 1000);
  }).timeout(propertyTimeoutMs);
});

describe('T5, T11 such bytes over gRPC', () => {
  let service: CheckService;
  before(async () => {
    service = await startCheckService({ snapshot: snapshotWith(), bodyBytesMax });
  });
  after(() => service.stop());

  it('never lead to an error, and to the decision that the bytes get without a socket', async () => {
    const property = fc.asyncProperty(mutatedBytes, async bytes => {
      const { status } = await service.checkBytes(bytes);
      const decision = service.decisions.at(-1);
      expect(status?.code === 0).to.equal(decision?.outcome === 'allow');
      if (plainRequest(bytes).request === undefined) expect(decision?.reason).to.equal('check_malformed');
    });
    await checkAsyncProperty(property, 300);
  }).timeout(propertyTimeoutMs);
});
