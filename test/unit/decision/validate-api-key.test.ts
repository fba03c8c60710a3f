import { expect } from 'chai';
import { validateApiKey } from '../../../src/decision/validate-api-key.ts';
import { apiKeys, put, snapshotWith, testNow } from '../../support/site.ts';

describe('B22 validating an API key without a check', () => {
  const snapshot = snapshotWith(put('settings', { stale_after_seconds: 60 }));
  const clock = { now: () => testNow, ticks: () => testNow };
  const validate = (confirmedAt: number, apiKey = apiKeys.viewer, audience: 'API' | 'Application' = 'API') =>
    validateApiKey({ snapshot, confirmedAt }, apiKey, audience, clock);

  it('tells nothing before there is a snapshot, nor by one that is older than the limit', () => {
    expect(validateApiKey(undefined, apiKeys.viewer, 'API', clock)).to.deep.equal({
      valid: false,
      reason: 'not_ready',
    });
    expect(validate(testNow - 60_001)).to.deep.equal({ valid: false, reason: 'stale' });
    expect(validate(testNow - 60_000)).to.deep.equal({ valid: true, principal: 'viewer' });
  });

  it('B15 B16 B17 gives the reasons of a check', () => {
    expect(validate(testNow, 'unknown')).to.deep.equal({ valid: false, reason: 'api_key_invalid' });
    expect(validate(testNow, apiKeys.expired)).to.deep.equal({ valid: false, reason: 'api_key_expired' });
    expect(validate(testNow, apiKeys.application)).to.deep.equal({ valid: false, reason: 'audience_mismatch' });
    expect(validate(testNow, apiKeys.application, 'Application')).to.deep.equal({ valid: true, principal: 'viewer' });
  });
});
