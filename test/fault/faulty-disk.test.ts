import { readdirSync, renameSync } from 'node:fs';
import { expect } from 'chai';
import { adminClient } from '../support/admin-client.ts';
import { type CheckClient, checkClient, modelCall } from '../support/check-client.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { type DiskFault, type FaultyDisk, faultyDisk, requireFaultyDisk } from '../support/faulty-disk.ts';
import { initData, type ServeProcess, startProcess } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

const keys = '/api/v2/users/root/v2_keys';
const healMs = 10_000;

interface FaultPoint {
  readonly name: string;
  readonly faults: readonly DiskFault[];
  /** What the refusal tells the admin. */
  readonly says: RegExp;
}

const full = /the disk.*is full: nothing was saved; free some space/;
const fullMark = /the disk.*-mark is full: the change is saved, but not confirmed.*free some space/;
const failed = /the disk.*failed.*look at the disk/;

const everything: readonly DiskFault[] = (['write', 'sync', 'truncate', 'unlink', 'read'] as const).map(operation => ({
  operation,
  on: '*',
  error: 'EIO',
}));

/**
 * Where a disk can fail under a change; `.db` is the database, `-wal` its log, into which every change goes first, and
 * `-mark` what tells how far changes were acknowledged, which is written last.
 */
const points: readonly FaultPoint[] = [
  { name: 'a full disk', faults: [{ operation: 'write', on: '-wal', error: 'ENOSPC' }], says: full },
  { name: 'a spent quota', faults: [{ operation: 'write', on: '-wal', error: 'EDQUOT' }], says: failed },
  { name: 'a write that fails', faults: [{ operation: 'write', on: '-wal', error: 'EIO' }], says: failed },
  { name: 'a disk turned read-only', faults: [{ operation: 'write', on: '*', error: 'EROFS' }], says: failed },
  { name: 'files turned read-only', faults: [{ operation: 'write', on: '*', error: 'EACCES' }], says: failed },
  { name: 'a sync that fails', faults: [{ operation: 'sync', on: '-wal', error: 'EIO' }], says: failed },
  { name: 'a full disk that a sync finds', faults: [{ operation: 'sync', on: '*', error: 'ENOSPC' }], says: failed },
  {
    name: 'a full disk under the mark',
    faults: [{ operation: 'write', on: '-mark', error: 'ENOSPC' }],
    says: fullMark,
  },
  { name: 'a mark that is not written', faults: [{ operation: 'write', on: '-mark', error: 'EIO' }], says: failed },
  { name: 'a mark that is not synced', faults: [{ operation: 'sync', on: '-mark', error: 'EIO' }], says: failed },
  {
    name: 'a disk that fails in all',
    faults: everything,
    says: /disk.*failed|damaged/,
  },
];

describe('fault: a disk that fails under a running server', function () {
  this.timeout(60_000);
  let data: string;
  let legacyKey: string;
  let disk: FaultyDisk;
  let server: ServeProcess;
  let checks: CheckClient;
  let accessKey: string;
  const live: string[] = [];
  const revoked: string[] = [];

  before(async function () {
    requireFaultyDisk(this);
    data = dataDirectory();
    legacyKey = await initData(data);
    disk = faultyDisk(data);
    server = await startProcess(data, legacyKey, [], disk);
    checks = checkClient(server.checkPort);
    await server.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
    });
    accessKey = (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
    live.push((await server.admin.post(keys, {})).body.api_key);
  });
  after(async () => {
    checks?.close();
    await server?.terminate();
    disk?.close();
  });

  const allowed = async (bearer: string) => Boolean((await checks.check(modelCall({ accessKey, bearer }))).okResponse);
  const storeHealth = async () => (await server.admin.get('/readyz')).body;
  const keyIds = async () => {
    const { body } = await server.admin.get(keys);
    return body.api_keys.map(({ key_id }: { key_id: string }) => key_id);
  };
  const headErrors = async () => {
    const metrics: string = (await server.admin.get('/metrics')).body;
    return [...metrics.matchAll(/errors_total\{operation="head",code="\w+"\} (\d+)/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  };
  const isWell = async () => (await storeHealth()).components.store.ok;

  for (const { name, faults, says } of points) {
    it(`T39 refuses changes, keeps checking and heals by itself after ${name}`, async () => {
      disk.fail(...faults);
      const refused = [await server.admin.post(keys, {}), await server.admin.post(keys, {})];
      const { ready, components } = await storeHealth();
      const stillAllowed = await allowed(live[0] as string);
      disk.fail();
      await until('health says that the store is well', isWell, healMs);
      const { status, body } = await server.admin.post(keys, {});
      live.push(body.api_key);
      expect(refused.map(answer => answer.status)).to.deep.equal([503, 503]);
      expect(refused[0]?.body.message).to.match(says);
      expect([ready, stillAllowed, status, await allowed(body.api_key)]).to.deep.equal([true, true, 201, true]);
      expect(components.store).to.deep.include({ ok: false });
      expect(components.store.detail).to.match(/^can't be written: the d/);
    });
  }

  it('T39 takes a revocation that a failed sync refused for not made, and makes it after', async () => {
    const { body } = await server.admin.post(keys, {});
    disk.fail({ operation: 'sync', on: '-wal', error: 'EIO' });
    const refused = await server.admin.delete(`${keys}/${body.key_id}`);
    const between = await allowed(body.api_key);
    disk.fail();
    const made = await server.admin.delete(`${keys}/${body.key_id}`);
    revoked.push(body.api_key);
    expect([refused.status, between, made.status, await allowed(body.api_key)]).to.deep.equal([503, true, 204, false]);
  });

  it('T39 B41 confirms no revocation that the mark could not follow; it holds, and is confirmed when it is asked for again', async () => {
    const { body } = await server.admin.post(keys, {});
    const asked = adminClient(server.admin.url, body.api_key);
    disk.fail({ operation: 'sync', on: '-mark', error: 'EIO' });
    const refused = [];
    for (let n = 0; n < 2; n += 1) refused.push((await asked.post('/api/v2/auth/revoke_key', {})).status);
    disk.fail();
    await until('health says that the store is well', isWell, healMs);
    const made = await server.admin.delete(`${keys}/${body.key_id}`);
    revoked.push(body.api_key);
    expect([...refused, made.status, await allowed(body.api_key)]).to.deep.equal([503, 503, 204, false]);
  });

  it('T39 B41 answers no repeated deletion with 404 while the mark could not follow the first one', async () => {
    const { body } = await server.admin.post(keys, {});
    await server.admin.post('/api/v2/applications', { name: 'scorer', owner: 'root' });
    const paths = [`${keys}/${body.key_id}`, '/api/v2/applications/scorer'];
    const statuses = async () => {
      const answers = [];
      for (const path of paths) answers.push((await server.admin.delete(path)).status);
      return answers;
    };
    disk.fail({ operation: 'sync', on: '-mark', error: 'EIO' });
    const refused = [await statuses(), await statuses()];
    disk.fail();
    await until('health says that the store is well', isWell, healMs);
    revoked.push(body.api_key);
    expect([...refused, await statuses()]).to.deep.equal([
      [503, 503],
      [503, 503],
      [404, 404],
    ]);
    expect(await allowed(body.api_key)).to.equal(false);
  });

  it('T39 refuses changes while its files are moved away, and heals when they are back', async () => {
    renameSync(data, `${data}-away`);
    const refused = await server.admin.post(keys, {});
    const { ready, components } = await storeHealth();
    const stillAllowed = await allowed(live[0] as string);
    renameSync(`${data}-away`, data);
    await until('health says that the store is well', isWell, healMs);
    expect([refused.status, ready, stillAllowed]).to.deep.equal([503, true, true]);
    expect(refused.body.message).to.contain('restart Modelgate');
    expect(components.store.detail).to.contain('moved, replaced or removed');
  });

  it('T39 stays ready, checks and says so once while nothing of its disk can be read or written, however long', async () => {
    const before = await headErrors();
    disk.fail(...everything);
    await server.admin.post(keys, {});
    // Until the follower has found it too, which is what readiness was lost by.
    await until('the store was asked, and failed', async () => (await headErrors()) > before, healMs);
    const { ready, components } = await storeHealth();
    const stillAllowed = await allowed(live[0] as string);
    disk.fail();
    await until('health says that the store is well', isWell, healMs);
    expect([ready, components.store.ok, components.snapshot.ok, stillAllowed]).to.deep.equal([true, false, true, true]);
  });

  it('T39 calls a read that fails no damage, logs it, and sends nobody to a backup first', async () => {
    disk.fail({ operation: 'read', on: '*', error: 'EIO' });
    const paths = ['users', 'teams', 'applications', 'audit_events', 'projects', 'projects/p/models', 'site'];
    const answers = [];
    for (const path of paths) answers.push(await server.admin.get(`/api/v2/${path}`));
    const { ready, components } = await storeHealth();
    disk.fail();
    const refused = answers.filter(({ status }) => status === 503);
    await until('health says that the store is well', isWell, healMs);
    expect(refused).to.have.length.above(0);
    for (const { body } of refused) {
      expect(body.message)
        .to.match(/disk.*fail/)
        .and.to.match(/look at the disk/i);
      expect(body.message).not.to.match(/is damaged: restore/);
    }
    expect([ready, components.store.ok]).to.deep.equal([true, false]);
    expect(server.stderr()).to.contain('store cannot be read').and.to.contain('store can be read again');
  });

  it('T39 makes no change that it refuses while its files are moved away, in answer, snapshot and store', async () => {
    const { body: kept } = await server.admin.post(keys, {});
    renameSync(data, `${data}-away`);
    const refused = [
      await server.admin.post('/api/v2/users', { username: 'displaced' }),
      await server.admin.post(keys, {}),
      await server.admin.delete(`${keys}/${kept.key_id}`),
    ];
    const seen = await server.admin.get('/api/v2/users/displaced');
    const listed = await keyIds();
    const stillAllowed = await allowed(kept.api_key);
    renameSync(`${data}-away`, data);
    await until('health says that the store is well', isWell, healMs);
    for (const { status, body } of refused) {
      expect([status, body.message]).to.deep.equal([503, refused[0]?.body.message]);
    }
    expect(refused[0]?.body.message).to.contain('the change was not made');
    expect([seen.status, stillAllowed]).to.deep.equal([404, true]);
    expect(await keyIds())
      .to.deep.equal(listed)
      .and.to.include(kept.key_id);
    expect((await server.admin.post('/api/v2/users', { username: 'displaced' })).status).to.equal(201);
    expect((await server.admin.delete(`${keys}/${kept.key_id}`)).status).to.equal(204);
  });

  it('T39 leaves nothing of a backup for which there is no room, and takes changes all the same', async () => {
    disk.fail({ operation: 'write', on: 'backup.partial', error: 'ENOSPC' });
    const refused = await server.admin.post('/api/v2/site:backup');
    const change = await server.admin.post('/api/v2/users', { username: 'ada' });
    disk.fail();
    const made = await server.admin.post('/api/v2/site:backup');
    expect([refused.status, change.status, made.status]).to.deep.equal([503, 201, 200]);
    expect(refused.body.message).to.contain('is full');
    expect(readdirSync(data).filter(name => name.includes('partial'))).to.deep.equal([]);
  });

  it('T39 counts failed operations by code, and logs each turn once', async () => {
    const metrics: string = (await server.admin.get('/metrics')).body;
    const turns = server.stderr().match(/store cannot be written/g) ?? [];
    const healed = server.stderr().match(/store can be written again/g) ?? [];
    const series = metrics.split('\n').filter(line => line.startsWith('modelgate_store_operation_errors_total'));
    expect(series.join('\n')).to.contain('{operation="write",code="full"} 4').and.to.contain('code="displaced"} ');
    expect(series.length).to.be.lessThan(20);
    expect(healed.length).to.be.at.least(points.length);
    expect(turns.length).to.be.at.most(points.length + 8);
  });

  it('T39 has everything that it acknowledged after a kill, and nothing that it revoked', async () => {
    checks.close();
    await server.kill9();
    server = await startProcess(data, legacyKey);
    checks = checkClient(server.checkPort);
    const verdicts = await Promise.all([...live, ...revoked].map(allowed));
    expect(verdicts).to.deep.equal([...live.map(() => true), ...revoked.map(() => false)]);
  });
});
