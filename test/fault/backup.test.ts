import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { inspect, keepWriting, restored } from '../support/backups.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { serveAgain, startServer, type TestServer } from '../support/server.ts';
import { openSqlite } from '../support/store.ts';
import { type Expected, fillSite, whenShortKeysHaveExpired, wrongVerdicts } from '../support/verdicts.ts';

const backup = '/api/v2/site:backup';

describe('fault: backups', () => {
  let data: string;
  let server: TestServer;
  let expected: readonly Expected[];
  before(async () => {
    data = dataDirectory();
    server = await startServer({ data });
    expected = await fillSite(server);
  });
  after(() => server.close());

  it('T25 are sound, private, one file, and hold the revision that they tell, while changes go on', async () => {
    const stop = keepWriting(server.admin);
    const { status, body, headers } = await server.admin.post(backup);
    expect(await stop()).to.be.greaterThan(0);
    const file = join(data, body.name);
    const { size, mode } = statSync(file);
    const found = await inspect(file);
    expect(status).to.equal(200);
    expect(body.name).to.match(/^backup-r\d+-\d{8}T\d{9}Z\.db$/);
    expect([size, mode & 0o777]).to.deep.equal([body.size, 0o600]);
    expect(found).to.include({ integrity: 'ok', revision: body.revision, gaps: 0 });
    expect(body.revision).to.be.at.least(Number(headers.get('x-modelgate-revision')));
    expect(readdirSync(data).filter(name => /partial|backup.*-(wal|journal|shm)/.test(name))).to.deep.equal([]);
  });

  it('T25 hold no secret, and tell who took them', async () => {
    const { body } = await server.admin.post(backup);
    const bytes = readFileSync(join(data, body.name));
    const secrets = [server.admin.key, ...expected.flatMap(({ bearer }) => bearer ?? [])];
    expect(secrets.filter(secret => bytes.includes(secret))).to.deep.equal([]);
    const { audit_events } = (await server.admin.get('/api/v2/audit_events?action=site.backup')).body;
    expect(audit_events[0]).to.include({ actor: 'root', target: 'site' });
  });

  it('are made one at a time, by site admins only', async () => {
    await server.admin.post('/api/v2/users', { username: 'ada' });
    const ada = await server.as('ada');
    expect((await ada.post(backup)).status).to.equal(403);
    const answers = await Promise.all(Array.from({ length: 4 }, () => server.admin.post(backup)));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).to.deep.equal(new Set([200, 409]));
  });

  it('T44 answer as the site did once restored, under a new epoch that stays', async () => {
    const { body } = await server.admin.post(backup);
    const before = await inspect(join(data, body.name));
    const directory = restored(data, body.name);
    const again = await serveAgain(directory, server.admin, { now: whenShortKeysHaveExpired });
    const wrong = await wrongVerdicts(again.checks, expected);
    const [event] = (await again.admin.get('/api/v2/audit_events?action=site.restore')).body.audit_events;
    await again.close();
    const after = await inspect(join(directory, 'modelgate.db'));
    await (await openSqlite(directory)).close();
    const later = await inspect(join(directory, 'modelgate.db'));
    expect(wrong).to.deep.equal([]);
    expect(event).to.deep.include({
      actor: 'modelgate:system',
      revision: before.revision + 1,
      details: { revision: before.revision },
    });
    expect(after.epoch).to.not.equal(before.epoch);
    expect([later.epoch, after.revision, after.gaps]).to.deep.equal([after.epoch, before.revision + 1, 0]);
  });

  it('T44 are not opened beside the log of the database that they replace', async () => {
    const { body } = await server.admin.post(backup);
    const directory = restored(data, body.name);
    await server.admin.post('/api/v2/users', { username: 'ben' });
    copyFileSync(join(data, 'modelgate.db-wal'), join(directory, 'modelgate.db-wal'));
    writeFileSync(join(directory, 'modelgate.db-wal'), 'a log of another database', { flag: 'a' });
    const refused = await openSqlite(directory).catch(error => error);
    expect(refused).to.include({ code: 'damaged' });
    expect(refused.message).to.contain('remove it, then start again');
  });

  it('leave nothing behind when the server is told to end, and keep it from nothing', async () => {
    const own = dataDirectory();
    const ending = await startServer({ data: own });
    const made = ending.admin.post(backup).catch(() => undefined);
    await ending.close();
    await made;
    await (await openSqlite(own)).close();
    expect(readdirSync(own).filter(name => name.includes('partial'))).to.deep.equal([]);
  });
});
