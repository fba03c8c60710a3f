import { expect } from 'chai';
import { cutPowerAgainAndAgain, killAgainAndAgain } from '../support/crashes.ts';
import { requireFaultyDisk } from '../support/faulty-disk.ts';
import { waysAfter } from '../support/revocations.ts';
import { runs } from '../support/runs.ts';
import { runSeed, seeded } from '../support/seeded.ts';

const parts = 4;
const kills = runs(200);
const cuts = runs(50);
const proofCuts = 10;
/** Far more than either takes, on a machine that does much else. */
const killMs = 20_000;
const cutMs = 10_000;

describe('fault: kills at random instants', () => {
  for (let part = 1; part <= parts; part += 1) {
    it(`T37 lose nothing acknowledged and revive nothing revoked, over ${kills / parts} of ${kills}`, async () => {
      const seed = runSeed() + part;
      const { acknowledged, waysToRevoke, faults } = await killAgainAndAgain(Math.ceil(kills / parts), seeded(seed));
      process.stdout.write(`      ${acknowledged} changes acknowledged\n`);
      expect(faults, `seed ${seed}`).to.deep.equal([]);
      expect(acknowledged).to.be.greaterThan(kills / parts);
      expect(waysToRevoke).to.be.at.least(waysAfter(kills / parts));
    }).timeout(kills * killMs);
  }
});

describe('fault: power cuts at random instants', function () {
  this.timeout(cuts * 2 * cutMs);
  before(function () {
    requireFaultyDisk(this);
  });

  for (const failingSyncs of [false, true]) {
    const name = failingSyncs ? 'after syncs that failed' : 'under changes';
    it(`T37 T39 lose nothing acknowledged and revive nothing revoked, over ${cuts} ${name}`, async () => {
      const seed = runSeed();
      const { acknowledged, waysToRevoke, faults } = await cutPowerAgainAndAgain({
        cuts,
        random: seeded(seed),
        failingSyncs,
      });
      process.stdout.write(`      ${acknowledged} changes acknowledged\n`);
      expect(faults, `seed ${seed}`).to.deep.equal([]);
      expect(acknowledged).to.be.greaterThan(cuts / 2);
      expect(waysToRevoke).to.be.at.least(waysAfter(cuts));
    });
  }

  it('find what is lost where the store makes nothing durable, so that the tests above prove something', async () => {
    const random = seeded(runSeed());
    const { faults } = await cutPowerAgainAndAgain({ cuts: proofCuts, random, ignoreSync: true });
    expect(faults.some(fault => fault.includes('ALLOWED') || fault.includes('lost'))).to.equal(true);
    expect(new Set(faults.map(fault => fault.split(':')[0])).size).to.be.greaterThan(proofCuts / 2);
  });
});
