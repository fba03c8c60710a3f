import { expect } from 'chai';
import { type Denial, DenialRing, denialsKept } from '../../../../src/check/tallies/denial-ring.ts';

const denial = (at: number): Denial => ({
  at,
  requestId: '',
  reason: 'api_key_missing',
  modelId: undefined,
  projectId: undefined,
  keyId: undefined,
  callerAddress: '',
});

describe('check: the ring of denials', () => {
  it('B48 keeps the newest 10,000, newest first', () => {
    const ring = new DenialRing();
    for (let at = 0; at < denialsKept + 5; at += 1) {
      ring.add(denial(at));
    }
    const kept = ring.list().map(({ at }) => at);
    expect(denialsKept).to.equal(10_000);
    expect([kept.length, kept[0], kept.at(-1)]).to.deep.equal([10_000, 10_004, 5]);
  });

  it('lists what is there before it is full', () => {
    const ring = new DenialRing(3);
    ring.add(denial(1));
    ring.add(denial(2));
    expect(ring.list().map(({ at }) => at)).to.deep.equal([2, 1]);
  });
});
