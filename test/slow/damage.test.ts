import { expect } from 'chai';
import { afterHarm, flipByte, wholeSite } from '../support/damaged-store.ts';
import { flipLogByte, siteWithLiveLog } from '../support/live-log.ts';
import { runs } from '../support/runs.ts';
import { runSeed, seeded } from '../support/seeded.ts';

const flips = runs(500);
const flipsPerLog = 50;

describe('fault: bytes that changed on the disk', function () {
  this.timeout(flips * 2000);

  it(`T40 allows nothing more after a byte was changed, ${flips} times, and mostly still serves`, async () => {
    const site = await wholeSite();
    const seed = runSeed();
    const random = seeded(seed);
    let [served, wrongDenials] = [0, 0];
    for (let n = 0; n < flips; n += 1) {
      const outcome = await afterHarm(site, flipByte(random(), random()));
      const wrong = 'wrong' in outcome ? outcome.wrong : [];
      expect(
        wrong.filter(each => each.startsWith('ALLOWED')),
        `seed ${seed}, flip ${n}`,
      ).to.deep.equal([]);
      served += 'wrong' in outcome ? 1 : 0;
      wrongDenials += wrong.length > 0 ? 1 : 0;
    }
    process.stdout.write(`      served ${served} of ${flips}, ${wrongDenials} of them with denials of live keys\n`);
    expect(served).to.be.greaterThan(flips / 2);
  });

  it(`T40 B41 allows nothing that was revoked after a byte of a killed server's log was changed, ${flips} times`, async () => {
    const seed = runSeed();
    const random = seeded(seed);
    let [site, served] = [await siteWithLiveLog(), 0];
    for (let n = 0; n < flips; n += 1) {
      // Other sizes of logs, and other places in them where a change ends.
      site = n > 0 && n % flipsPerLog === 0 ? await siteWithLiveLog() : site;
      const outcome = await afterHarm(site, flipLogByte(random(), random()));
      const wrong = 'wrong' in outcome ? outcome.wrong : [];
      expect(wrong, `seed ${seed}, flip ${n}`).to.deep.equal([]);
      served += 'wrong' in outcome ? 1 : 0;
    }
    process.stdout.write(`      served ${served} of ${flips}, all as it must; the others refused\n`);
    expect(served).to.be.lessThan(flips / 2);
  });
});
