import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decision/decide.ts';
import { explain } from '../../src/decision/explain.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { testNow } from '../support/site.ts';
import { Tally } from '../support/tally.ts';
import { credentialsOf, randomClaims } from './random-claims.ts';
import { cellOf, randomSite } from './random-sites.ts';

describe('B6a to B23, B44, B45 an explanation', () => {
  it('is of the decision that a check gets, and its last rule is the one that is not met where it refuses', () => {
    const tally = new Tally();
    const property = fc.property(randomSite, randomClaims, (site, claims) => {
      const published = cellOf(site).read();
      const question = { credentials: credentialsOf(claims), published, now: testNow, ticks: testNow };
      const { decision, steps } = explain(question);
      expect(decision).to.deep.equal(decide(question));
      const refusing = steps.filter(({ met, binding }) => binding && !met);
      expect(refusing).to.deep.equal(decision.outcome === 'deny' ? steps.slice(-1) : []);
      tally.note(decision.outcome);
    });
    const cases = checkProperty(property, 10_000);
    tally.expectEach(['allow', 'deny'], cases / 10);
  }).timeout(propertyTimeoutMs);
});
