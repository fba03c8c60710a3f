import { expect } from 'chai';
import { ShadowDenials } from '../../../../src/check/tallies/shadow-denials.ts';
import type { Allow } from '../../../../src/decision/decision.ts';

const model = {
  model_id: 'fraud',
  project_id: 'p',
  access_key_digest: '',
  target: 'fraud',
  auth_enabled: false,
  auth_shadow: true,
  stopped: false,
};

function allowed(shadowReason: Allow['shadowReason'], keyId?: string): Allow {
  const caller = keyId && ({ principal: 'ben', principalKind: 'user', keyId, permission: undefined } as const);
  return {
    outcome: 'allow',
    reason: 'authentication_off',
    revision: 1,
    model,
    caller: caller || undefined,
    shadowReason,
  };
}

describe('check: whom shadow would refuse', () => {
  it('B45 counts calls by caller and reason, with the time of the last', () => {
    const counts = new ShadowDenials();
    counts.note(allowed('not_authorized', 'k1'), '10.0.0.1', 1);
    counts.note(allowed('not_authorized', 'k1'), '10.0.0.2', 3);
    counts.note(allowed('api_key_missing'), '10.0.0.1', 2);
    counts.note(allowed(undefined, 'k2'), '10.0.0.1', 4);
    const common = { model_id: 'fraud' };
    expect(counts.take().entries).to.deep.equal([
      { ...common, reason: 'not_authorized', principal: 'ben', key_id: 'k1', address: '', count: 2, last_at: 3 },
      { ...common, reason: 'api_key_missing', principal: '', key_id: '', address: '10.0.0.1', count: 1, last_at: 2 },
      { ...common, reason: '', principal: '', key_id: '', address: '', count: 1, last_at: 4 },
    ]);
    expect(counts.take().entries).to.deep.equal([]);
  });

  it('B45 counts nothing of a model without shadow, or whose authentication is on', () => {
    const counts = new ShadowDenials();
    counts.note({ ...allowed('not_authorized', 'k1'), model: { ...model, auth_shadow: false } }, '10.0.0.1', 1);
    counts.note({ ...allowed(undefined, 'k1'), reason: 'authorized' }, '10.0.0.1', 1);
    expect(counts.take().entries).to.deep.equal([]);
  });

  it('adds what could not be written to what came after', () => {
    const counts = new ShadowDenials();
    counts.note(allowed('api_key_missing'), 'a', 5);
    const taken = counts.take().entries;
    counts.note(allowed('api_key_missing'), 'a', 7);
    counts.putBack(taken);
    expect(counts.take().entries.map(({ count, last_at }) => [count, last_at])).to.deep.equal([[2, 7]]);
  });

  it('T26 tells a bounded number of callers apart', () => {
    const counts = new ShadowDenials();
    for (let n = 0; n < 20_000; n += 1) {
      counts.note(allowed('api_key_missing'), `address-${n}`, n);
    }
    const taken = counts.take().entries;
    expect(taken).to.have.length(10_001);
    expect(taken.find(({ address }) => address === '')?.count).to.equal(10_000);
  });
});
