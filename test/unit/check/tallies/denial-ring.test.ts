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

  it('keeps texts of any length and writing, and forgets those of what it has replaced', () => {
    const ring = new DenialRing(2);
    const [long, foreign] = [
      { ...denial(1), requestId: 'r'.repeat(128) },
      { ...denial(2), callerAddress: '/tmp/é.sock' },
    ];
    const plain = { ...denial(3), keyId: 'k1', modelId: 'm', projectId: 'p', requestId: 'r', callerAddress: '::1' };
    for (const each of [long, foreign, plain, denial(4)]) {
      ring.add(each);
    }
    expect(ring.list()).to.deep.equal([
      { ...denial(4), id: 4 },
      { ...plain, id: 3 },
    ]);
    ring.add(long);
    ring.add(foreign);
    expect(ring.list()).to.deep.equal([
      { ...foreign, id: 6 },
      { ...long, id: 5 },
    ]);
  });
});
