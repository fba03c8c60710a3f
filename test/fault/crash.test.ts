import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { cutPowerAgainAndAgain, killAgainAndAgain } from '../support/crashes.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { requireFaultyDisk } from '../support/faulty-disk.ts';
import { runSeed, seeded } from '../support/seeded.ts';
import { initData, startProcess } from '../support/serve-process.ts';

const kills = 2;
const cuts = 1;

describe('fault: a crash at any instant', function () {
  this.timeout(60_000);

  it(`T37 B41 loses nothing acknowledged when it is killed under changes, ${kills} times (200 in the slow tests)`, async () => {
    const seed = runSeed();
    const { acknowledged, faults } = await killAgainAndAgain(kills, seeded(seed));
    expect(faults, `seed ${seed}`).to.deep.equal([]);
    expect(acknowledged).to.be.greaterThan(kills);
  });

  it('ends with 0 on SIGTERM, and starts again where it was', async () => {
    const data = dataDirectory();
    const legacyKey = await initData(data);
    const first = await startProcess(data, legacyKey);
    await first.admin.post('/api/v2/users', { username: 'ada' });
    expect(await first.terminate()).to.equal(0);
    const second = await startProcess(data, legacyKey);
    expect((await second.admin.get('/api/v2/users/ada')).status).to.equal(200);
    expect(await second.terminate()).to.equal(0);
  });
});

describe('fault: SIGTERM', () => {
  it('ends with 0 although a connection to the admin port says nothing', async () => {
    const data = dataDirectory();
    const server = await startProcess(data, await initData(data), ['--drain-ms', '500']);
    const silent = connect(Number(new URL(server.admin.url).port), '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    const code = await server.terminate();
    silent.destroy();
    expect(code).to.equal(0);
  });
});

describe('fault: a power cut at any instant', function () {
  this.timeout(60_000);
  before(function () {
    requireFaultyDisk(this);
  });

  it(`T37 B41 loses nothing acknowledged when power is cut under changes, ${cuts} time (50 in the slow tests)`, async () => {
    const seed = runSeed();
    const { acknowledged, faults } = await cutPowerAgainAndAgain({ cuts, random: seeded(seed) });
    expect(faults, `seed ${seed}`).to.deep.equal([]);
    expect(acknowledged).to.be.greaterThan(cuts);
  });
});
