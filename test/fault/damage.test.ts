import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { afterHarm, flipByte, type Outcome, onBytes, type WholeSite, wholeSite } from '../support/damaged-store.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { runSeed, seeded } from '../support/seeded.ts';
import { initData, startProcess } from '../support/serve-process.ts';

const flips = 6;
const pageBytes = 4096;

const allowedAgainstRule = (outcome: Outcome) => ('wrong' in outcome ? outcome.wrong.filter(isAllowed) : []);
const isAllowed = (wrong: string) => wrong.startsWith('ALLOWED');

describe('fault: a database that is damaged', () => {
  let site: WholeSite;
  before(async () => {
    site = await wholeSite();
  });

  it('answers as it must where nothing was harmed, or these tests would prove nothing', async () => {
    expect(await afterHarm(site, () => undefined)).to.deep.equal({ wrong: [] });
  });

  it(`T40 allows nothing more after a byte was changed, ${flips} times (500 in the slow tests)`, async () => {
    const seed = runSeed();
    const random = seeded(seed);
    for (let n = 0; n < flips; n += 1) {
      const outcome = await afterHarm(site, flipByte(random(), random()));
      expect(allowedAgainstRule(outcome), `seed ${seed}, flip ${n}`).to.deep.equal([]);
    }
  });

  for (const [name, harm, says] of [
    [
      'cut off in its middle',
      onBytes(bytes => bytes.subarray(0, 10 * pageBytes)),
      'its disk fails, or the file is damaged',
    ],
    ['cut off amid its first page', onBytes(bytes => bytes.subarray(0, 1000)), 'restore a backup'],
    ['written over at its start', onBytes(bytes => bytes.fill(0x5a, 0, 100)), 'is no database of Modelgate'],
    ['emptied', (copy: string) => truncateSync(join(copy, 'modelgate.db')), 'restore a backup, or remove'],
  ] as const) {
    it(`T40 does not serve a database that was ${name}, and says what to do`, async () => {
      const outcome = await afterHarm(site, harm);
      expect(outcome).to.have.property('refused').that.contains(says);
    });
  }
});

describe('fault: two servers on one directory', () => {
  it('T39 ends the second process with what to do, and leaves the first alone', async () => {
    const data = dataDirectory();
    const legacyKey = await initData(data);
    const first = await startProcess(data, legacyKey);
    const second = await startProcess(data, legacyKey).then(
      () => 'started',
      (error: Error) => error.message,
    );
    const { status } = await first.admin.post('/api/v2/users', { username: 'ada' });
    await first.terminate();
    expect(second).to.contain('in use by another process').and.to.contain('--data (MODELGATE_DATA)');
    expect(status).to.equal(201);
  });
});
