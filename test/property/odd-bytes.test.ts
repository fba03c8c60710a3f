import { expect } from 'chai';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { accessKeys, apiKeys, snapshotWith, testNow } from '../support/site.ts';
import { encodeCheck, judge } from './judge.ts';
import { checkRequestOf, type HeaderForm, type RandomCall } from './random-calls.ts';

const { fraud } = accessKeys;
const { viewer } = apiKeys;

const nothing: RandomCall = { headers: [], path: '/model', query: '', body: Buffer.from('{}'), pin: undefined };
const bearer: [string, string][] = [['authorization', `Bearer ${viewer}`]];
const forms: (readonly [HeaderForm, 'raw' | 'text'])[] = [
  ['plain', 'raw'],
  ['value', 'text'],
  ['raw_value', 'raw'],
];

/** Calls that are allowed, each with the key that is altered in its bytes. */
const calls: (readonly [string, string, Partial<RandomCall>])[] = [
  ['the access key in the path', fraud, { headers: bearer, path: `/model?accessKey=${fraud}&a=1` }],
  ['the access key in the query', fraud, { headers: bearer, query: `accessKey=${fraud}` }],
  ['the access key in the body', fraud, { headers: bearer, body: Buffer.from(`{"accessKey":"${fraud}","a":[]}`) }],
  ['the access key in a header', fraud, { headers: [...bearer, ['x-model-access-key', fraud]] }],
  ['the API key in Authorization', viewer, { headers: bearer, path: `/model?accessKey=${fraud}` }],
  ['the API key in x-api-key', viewer, { headers: [['x-api-key', viewer]], path: `/model?accessKey=${fraud}` }],
  ['the name of a pin', 'fraud', { headers: bearer, pin: 'fraud' }],
];

describe('T5 each of the 256 byte values in the bytes of a check', () => {
  const cell = new SnapshotCell();
  cell.publish(snapshotWith(), testNow);
  const reasonFor = (bytes: Buffer) => judge(cell, bytes).decision.reason;

  for (const [what, key, parts] of calls) {
    it(`never allows ${what} with one byte altered, in any form of headers and body`, () => {
      for (const [form, bodyForm] of forms) {
        const sent = encodeCheck(checkRequestOf({ ...nothing, ...parts }, form, bodyForm));
        expect(reasonFor(sent)).to.equal('authorized');
        const start = sent.lastIndexOf(key);
        for (const index of [0, 1, Math.floor(key.length / 2), key.length - 1]) {
          for (const altered of withOtherBytes(sent, start + index)) {
            expect(reasonFor(altered)).to.not.be.oneOf(['authorized', 'authentication_off', 'check_failed']);
          }
        }
      }
    });
  }
});

/** The bytes with each of the 255 other values at one place. */
function* withOtherBytes(bytes: Buffer, at: number): Generator<Buffer> {
  for (let step = 1; step < 256; step += 1) {
    const altered = Buffer.from(bytes);
    altered[at] = ((bytes[at] ?? 0) + step) % 256;
    yield altered;
  }
}
