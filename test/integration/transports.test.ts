import { expect } from 'chai';
import fc from 'fast-check';
import type { CheckResponse__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckResponse.ts';
import { encodeCheck } from '../property/judge.ts';
import { checkRequestOf, type RandomCall, randomCall } from '../property/random-calls.ts';
import { checkMessage } from '../property/random-messages.ts';
import { cellOf, randomSite } from '../property/random-sites.ts';
import { type CheckService, checkTransports, startCheckService } from '../support/check-service.ts';
import { runSeed } from '../support/seeded.ts';

/** Calls of one run, over each transport: some in each form of headers, some as bytes that may be no check at all. */
const callsCount = 300;

const seed = runSeed();

function samples(): Buffer[] {
  const calls = fc.sample(randomCall, { numRuns: callsCount, seed });
  const asked = calls.map((call: RandomCall, at) =>
    encodeCheck(checkRequestOf(call, at % 2 === 0 ? 'plain' : 'raw_value', at % 3 === 0 ? 'text' : 'raw')),
  );
  return [...asked, ...fc.sample(checkMessage, { numRuns: callsCount, seed })];
}

describe('the transports of checks', () => {
  const services: CheckService[] = [];
  before(async () => {
    const [site] = fc.sample(randomSite, { numRuns: 1, seed });
    const snapshot = site && cellOf({ ...site, ageMs: 0 }).read()?.snapshot;
    for (const transport of checkTransports) {
      services.push(await startCheckService({ transport, ...(snapshot && { snapshot }) }));
    }
  });
  after(() => Promise.all(services.map(service => service.stop())));

  it(`give the same answers to the same ${2 * callsCount} checks (seed ${seed})`, async () => {
    const checks = samples();
    const [lean, reference] = await Promise.all(services.map(service => answersOf(service, checks)));
    expect(lean).to.deep.equal(reference);
    expect(lean).to.have.length(checks.length);
  });
});

async function answersOf(service: CheckService, checks: readonly Buffer[]): Promise<CheckResponse__Output[]> {
  return Promise.all(checks.map(check => service.checkBytes(check)));
}
