import { copyFileSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { acceptLoss, init } from '../../src/assemble.ts';
import { markFileOf, readMark } from '../../src/store/sqlite/mark-file.ts';
import { inspect } from '../support/backups.ts';
import { afterHarm, copyOf, type Outcome, servedFrom, type WholeSite, wholeSite } from '../support/damaged-store.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { flipLogByte, logOf, siteWithLiveLog } from '../support/live-log.ts';
import { runSeed, seeded } from '../support/seeded.ts';
import { serveAgain, startServer } from '../support/server.ts';
import { author, openSqlite, user } from '../support/store.ts';

const flips = 6;
const nothingWrong: Outcome = { wrong: [] };
const databaseOf = (data: string) => join(data, 'modelgate.db');
const markOf = (data: string) => markFileOf(databaseOf(data));
const halve = (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2));
const refusalOf = (outcome: Outcome) => ('refused' in outcome ? outcome.refused : `served: ${outcome.wrong.join()}`);

describe('fault: acknowledged changes that damage has taken', function () {
  this.timeout(60_000);
  let site: WholeSite;
  before(async () => {
    site = await siteWithLiveLog();
  });

  it('are none after a mere kill, or these tests would prove nothing', async () => {
    expect(await afterHarm(site, () => undefined)).to.deep.equal(nothingWrong);
  });

  it(`T40 B41 keep a store from being served after a byte of its log was changed, ${flips} times (500 in the slow tests)`, async () => {
    const seed = runSeed();
    const random = seeded(seed);
    for (let n = 0; n < flips; n += 1) {
      const outcome = await afterHarm(site, flipLogByte(random(), random()));
      expect(refusalOf(outcome), `seed ${seed}, flip ${n}`).to.contain('were acknowledged').and.contain('accept-loss');
    }
  });

  for (const [name, harm] of [
    ['cut off', copy => halve(logOf(copy))],
    ['emptied', copy => truncateSync(logOf(copy))],
    ['removed', copy => rmSync(logOf(copy))],
    ['written over', copy => writeFileSync(logOf(copy), Buffer.alloc(statSync(logOf(copy)).size, 0x5a))],
  ] as readonly [string, (copy: string) => void][]) {
    it(`T40 keep a store from being served whose log was ${name}, at the second start too`, async () => {
      const copy = copyOf(site);
      harm(copy);
      for (const start of ['first', 'second']) {
        const refused = await serveAgain(copy, undefined).catch((error: Error) => error.message);
        expect(refused, start).to.contain('restore a backup, or accept the loss');
      }
    });
  }

  it('T44 are given up by `accept-loss` only, which begins another history and says so in the audit', async () => {
    const copy = copyOf(site);
    const before = await readMark(markOf(copy));
    rmSync(logOf(copy));
    const loss = await acceptLoss(copy);
    const served = await servedFrom(copy, site);
    const after = await readMark(markOf(copy));
    const again = await acceptLoss(copy).catch(error => error.message);
    const store = await openSqlite(copy);
    const [event] = await store.read.listAuditEvents({ limit: 1 });
    await store.close();
    expect(loss.acknowledged).to.equal(before?.revision).and.to.be.greaterThan(loss.revision);
    // What damage brings back where nothing tells of it.
    expect(served)
      .to.have.property('wrong')
      .that.has.length(site.expected.length - 1);
    expect(after?.epoch).to.not.equal(before?.epoch);
    expect(after?.revision).to.equal(loss.revision + 1);
    expect(event).to.deep.include({ actor: 'modelgate:system', action: 'loss.accept', details: { ...loss } });
    expect(again).to.contain('there is no loss to accept');
  });

  it('are not to be had from a folder without a store, which stays as it was', async () => {
    const empty = dataDirectory();
    const refused = await acceptLoss(empty).catch(error => error.message);
    expect(refused).to.contain('there is no store in');
    expect(() => statSync(databaseOf(empty))).to.throw('ENOENT');
  });
});

describe('fault: the mark of what was acknowledged', function () {
  this.timeout(60_000);
  let live: WholeSite;
  let closed: WholeSite;
  before(async () => {
    [live, closed] = [await siteWithLiveLog(), await wholeSite()];
  });

  it('O19 is told with a command that can be pasted, whatever the data directory is called', async () => {
    const copy = copyOf(live);
    rmSync(markOf(copy));
    const renamed = join(dataDirectory(), 'two words');
    renameSync(copy, renamed);
    const refused = await serveAgain(renamed, undefined).catch((error: Error) => error.message);
    renameSync(renamed, copy);
    expect(refused).to.contain(`modelgate accept-loss --data '${renamed}'\``);
  });

  for (const [name, harm] of [
    ['missing', copy => rmSync(markOf(copy))],
    ['emptied', copy => truncateSync(markOf(copy))],
    ['zeros', copy => writeFileSync(markOf(copy), Buffer.alloc(8192))],
  ] as readonly [string, (copy: string) => void][]) {
    it(`T40 is asked for where it is ${name} beside the log of a process that was killed, and again at the next start`, async () => {
      const copy = copyOf(live);
      harm(copy);
      for (const start of ['first', 'second']) {
        const refused = await serveAgain(copy, undefined).catch((error: Error) => error.message);
        expect(refused, start).to.contain('is missing or damaged').and.to.contain('accept-loss');
      }
      const loss = await acceptLoss(copy);
      expect(loss.acknowledged).to.equal(undefined);
      expect(await servedFrom(copy, live)).to.deep.equal(nothingWrong);
    });

    it(`is made anew where it is ${name} beside a store that was closed well`, async () => {
      expect(await afterHarm(closed, harm)).to.deep.equal(nothingWrong);
    });
  }

  it('T37 survives that either of its two places is torn, since the other one holds the one before', async () => {
    const newest = await readMark(markOf(closed.data));
    const marks = [];
    for (const slot of [0, 1]) {
      const copy = copyOf(closed);
      const bytes = readFileSync(markOf(copy));
      bytes.fill(0x5a, slot * 4096 + 20, slot * 4096 + 60);
      writeFileSync(markOf(copy), bytes);
      marks.push((await readMark(markOf(copy)))?.sequence);
      expect(await servedFrom(copy, closed)).to.deep.equal(nothingWrong);
    }
    const { sequence = 0 } = newest ?? {};
    expect(marks).to.have.members([sequence, sequence - 1]);
  });

  it('is not asked of the store of an earlier version, killed under changes, which has none', async () => {
    const copy = copyOf(live);
    const bytes = readFileSync(databaseOf(copy));
    bytes.writeUInt32BE(0, 60);
    writeFileSync(databaseOf(copy), bytes);
    rmSync(markOf(copy));
    expect(await servedFrom(copy, live)).to.deep.equal(nothingWrong);
    expect((await readMark(markOf(copy)))?.revision).to.equal((await inspect(databaseOf(copy))).revision);
  });

  it('T44 follows a backup that is restored beside it, and holds what comes after to the new history', async () => {
    const data = dataDirectory();
    const server = await startServer({ data });
    const { name } = (await server.admin.post('/api/v2/site:backup')).body;
    await server.admin.post('/api/v2/users', { username: 'ada' });
    await server.close();
    copyFileSync(join(data, name), databaseOf(data));
    const store = await openSqlite(data);
    const { revision } = await store.write(author, writes => writes.insertUser(user('ben')));
    const lost = copyOf({ data, expected: [] });
    await store.close();
    rmSync(logOf(lost));
    const refused = await openSqlite(lost).catch(error => error);
    expect(await readMark(markOf(data))).to.deep.include({ revision, epoch: (await inspect(databaseOf(data))).epoch });
    expect(refused).to.include({ code: 'damaged' });
  });

  it('is private, and one write makes it hold for all changes that wait together', async () => {
    const data = dataDirectory();
    await init(data, 'root');
    const store = await openSqlite(data);
    const before = await readMark(markOf(data));
    const names = Array.from({ length: 20 }, (_, n) => `u${n}`);
    const made = await Promise.all(names.map(name => store.write(author, writes => writes.insertUser(user(name)))));
    const after = await readMark(markOf(data));
    const mode = statSync(markOf(data)).mode & 0o777;
    await store.close();
    expect(after?.revision).to.equal(Math.max(...made.map(({ revision }) => revision)));
    expect((after?.sequence ?? 0) - (before?.sequence ?? 0)).to.be.at.most(names.length);
    expect(mode).to.equal(0o600);
  });
});
