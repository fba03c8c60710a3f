import fc from 'fast-check';
import { decide } from '../../src/decision/decide.ts';
import type { AllowReason, DenialReason } from '../../src/decision/decision.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { testNow } from '../support/site.ts';
import { Tally } from '../support/tally.ts';
import { decodeCheck, encodeCheck, expectVerdict, judge, verdictOf } from './judge.ts';
import { plainVerdict, type Verdict } from './plain-model.ts';
import { plainReadings } from './plain-readings.ts';
import { bodyBytesMax, checkRequestOf, type HeaderForm, randomCall } from './random-calls.ts';
import { credentialsOf, randomClaims } from './random-claims.ts';
import { cellOf, randomSite } from './random-sites.ts';

/** How many of 10,000 cases at least reach each outcome; the compiler asks for a new reason's. */
const leastOf10000: Record<DenialReason | AllowReason, number> = {
  not_ready: 25,
  stale: 25,
  access_key_ambiguous: 25,
  body_incomplete: 25,
  access_key_missing: 25,
  access_key_unknown: 25,
  model_mismatch: 25,
  api_key_ambiguous: 25,
  api_key_missing: 25,
  api_key_invalid: 25,
  api_key_expired: 25,
  audience_mismatch: 25,
  not_authorized: 25,
  key_scope: 25,
  model_stopped: 25,
  authorized: 250,
  authentication_off: 250,
  // Of bytes that are no CheckRequest, and of our own faults: not a decision's.
  check_malformed: 0,
  check_failed: 0,
};
const shadowReasons: DenialReason[] = [
  'api_key_ambiguous',
  'api_key_missing',
  'api_key_invalid',
  'api_key_expired',
  'audience_mismatch',
  'not_authorized',
  'key_scope',
];
const permissions = ['read', 'operator', 'write', 'admin'];

function note(tally: Tally, { outcome, reason, permission, shadowReason }: Verdict): void {
  tally.note(reason);
  if (outcome === 'allow' && reason === 'authorized') tally.note(`authorized: ${permission}`);
  if (shadowReason !== undefined) tally.note(`shadow: ${shadowReason}`);
}

function expectAllReached(tally: Tally, cases: number): void {
  for (const [reason, least] of Object.entries(leastOf10000)) tally.expectEach([reason], (least * cases) / 10_000);
  tally.expectEach(
    permissions.map(held => `authorized: ${held}`),
    cases / 500,
  );
  tally.expectEach(
    shadowReasons.map(reason => `shadow: ${reason}`),
    cases / 2500,
  );
}

describe('B6a to B23, B44, B45 the decision and a plain model of it', () => {
  it('agree on every site and call in outcome, reason, model, caller, permission and shadow reason', () => {
    const tally = new Tally();
    const property = fc.property(randomSite, fc.array(randomClaims, { minLength: 1, maxLength: 3 }), (site, calls) => {
      const published = cellOf(site).read();
      for (const call of calls) {
        const verdict = verdictOf(
          decide({ credentials: credentialsOf(call), published, now: testNow, ticks: testNow }),
        );
        note(tally, verdict);
        expectVerdict(verdict, [plainVerdict(site, call, testNow)]);
      }
    });
    expectAllReached(tally, checkProperty(property, 10_000));
  }).timeout(propertyTimeoutMs);

  it('agree from the bytes of a CheckRequest on, in every placement and form', () => {
    const tally = new Tally();
    const form = fc.constantFrom<HeaderForm>('plain', 'value', 'raw_value');
    const calls = fc.array(fc.tuple(randomCall, form), { minLength: 1, maxLength: 3 });
    const property = fc.property(randomSite, calls, (site, sent) => {
      const cell = cellOf(site);
      for (const [call, headerForm] of sent) {
        const bytes = encodeCheck(checkRequestOf(call, headerForm));
        const verdict = verdictOf(judge(cell, bytes).decision);
        note(tally, verdict);
        const request = decodeCheck(bytes);
        const readings = request ? plainReadings(request, bodyBytesMax) : [];
        expectVerdict(
          verdict,
          readings.map(reading => plainVerdict(site, reading, testNow)),
        );
      }
    });
    expectAllReached(tally, checkProperty(property, 5000));
  }).timeout(propertyTimeoutMs);
});
