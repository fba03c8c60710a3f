import { expect } from 'chai';
import { fuzz } from '../fuzz/fuzz.ts';
import { noCounts } from '../fuzz/run.ts';
import { runs } from '../support/runs.ts';
import { runSeed } from '../support/seeded.ts';

/** The short form of `npm run fuzz`. */
const checks = runs(20_000);
const seeds = { 'the same as ever': 30, 'another one each time': runSeed() };

describe('T51 B33 B38 random checks over real sockets, while the site changes and a server follows another', function () {
  this.timeout(600_000 * Math.max(1, checks / 20_000));

  for (const [which, seed] of Object.entries(seeds)) {
    it(`${checks} of them, seed ${seed} (${which}): each gets one answer, by a state that was in force`, async () => {
      const counts = noCounts();
      await fuzz({
        checks,
        seed,
        minutes: Number.POSITIVE_INFINITY,
        counts,
        tell: line => console.log(`      ${line}`),
      });
      expect(counts.judged).to.be.at.least(checks);
      expect([counts.allowed, counts.changes, counts.handOvers].filter(count => count === 0)).to.deep.equal([]);
    });
  }
});
