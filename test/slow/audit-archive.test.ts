import { cpSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { AuditEvent } from '../../src/admin/schemas/audit-events.ts';
import { archiveFiles, readArchive, shownAudit, united } from '../support/archived-audit.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { type DiskFault, type FaultyDisk, faultyDisk, requireFaultyDisk } from '../support/faulty-disk.ts';
import { initData, type ServeProcess, startProcess } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

/** More than are deleted in one go. */
const users = Array.from({ length: 600 }, (_, n) => ({ username: `u${n}` }));
const bounds = ['--audit-entries-max', '100'];

/** A data directory whose audit is far beyond the bounds, and all that it tells. */
async function filledSite(): Promise<{ data: string; key: string; entries: AuditEvent[] }> {
  const data = dataDirectory();
  const key = await initData(data);
  const server = await startProcess(data, key);
  await server.admin.post('/api/v2/site:apply', { users });
  await server.admin.patch('/api/v2/users/u1', { name: 'Ursula' });
  const entries = await shownAudit(server.admin);
  await server.terminate();
  return { data, key, entries };
}

const metricOf = async ({ admin }: ServeProcess, name: string) => {
  const text: string = (await admin.get('/metrics')).body;
  return Number(new RegExp(`^modelgate_audit_${name} (.*)$`, 'm').exec(text)?.[1]);
};

describe('fault: B37 R04 an audit beyond its bounds', function () {
  this.timeout(60_000);
  let filled: Awaited<ReturnType<typeof filledSite>>;
  let site: typeof filled;
  let disk: FaultyDisk;
  before(async function () {
    requireFaultyDisk(this);
    filled = await filledSite();
  });
  beforeEach(() => {
    site = { ...filled, data: dataDirectory() };
    cpSync(filled.data, site.data, { recursive: true });
    disk = faultyDisk(site.data);
  });
  afterEach(() => disk?.close());

  const start = () => startProcess(site.data, site.key, bounds, disk);
  /** Serves until the audit is within its bounds; answers what it says, and what archive and store hold together. */
  const settle = async () => {
    const server = await start();
    await until('the audit is archived', async () => (await metricOf(server, 'entries')) <= 100);
    const shown = await shownAudit(server.admin);
    const archived = await metricOf(server, 'archived_entries_total');
    const live: { action: string }[] = (await server.admin.get('/api/v2/live')).body.changes;
    expect(live.map(({ action }) => action)).to.not.include('audit.archive');
    await server.terminate();
    return { shown, archived, all: united(readArchive(site.data), shown) };
  };

  it('is exported before it goes, and says where to: archive and store have every entry in its order', async () => {
    const { shown, archived, all } = await settle();
    const file = archiveFiles(site.data)[0] as string;
    const path = join(site.data, 'audit-archive', file);
    const last = all[archived - 1] as AuditEvent;
    expect(all.slice(0, -1)).to.deep.equal(site.entries);
    expect(shown.length).to.equal(91);
    expect(shown.at(-1)).to.deep.include({
      actor: 'modelgate:system',
      action: 'audit.archive',
      details: {
        entries: archived,
        up_to_revision: last.revision,
        until: last.at,
        file: `audit-archive/${file}`,
      },
    });
    expect([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777]).to.deep.equal([0o600, 0o700]);
  });

  const failures: readonly (readonly [name: string, fault: DiskFault, files: number])[] = [
    ['the disk is full', { operation: 'write', on: '.partial', error: 'ENOSPC' }, 0],
    ['the file is not made durable', { operation: 'sync', on: '.partial', error: 'EIO' }, 0],
    ['its name is not made durable', { operation: 'sync', on: 'audit-archive', error: 'EIO' }, 1],
  ];
  for (const [name, fault, files] of failures) {
    it(`stays whole when ${name}, and a kill comes then; log and metric tell of it`, async () => {
      disk.fail(fault);
      const server = await start();
      await until('it fails', async () => (await metricOf(server, 'archive_failures_total')) > 0);
      const kept = await shownAudit(server.admin);
      const log = server.stderr();
      await server.kill9();
      expect(kept).to.deep.equal(site.entries);
      expect(log).to.contain('the audit cannot be archived: its entries stay in the store');
      expect(archiveFiles(site.data)).to.have.length(files);
      disk.fail();
      const { all } = await settle();
      expect(all.slice(0, -1)).to.deep.equal(site.entries);
      // The same entries are the same file.
      expect(archiveFiles(site.data)).to.have.length(1);
    });
  }

  it('goes on after a kill amid the deletion', async () => {
    disk.fail({ operation: 'write', on: '-mark', error: 'ENOSPC' });
    const server = await start();
    await until('it fails', async () => (await metricOf(server, 'archive_failures_total')) > 0);
    await server.kill9();
    disk.fail();
    const { all } = await settle();
    expect(all.slice(0, site.entries.length)).to.deep.equal(site.entries);
  });
});
