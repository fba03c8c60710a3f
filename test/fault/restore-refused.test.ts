import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import knex, { type Knex } from 'knex';
import { inspect } from '../support/backups.ts';
import { dataDirectory } from '../support/data-directory.ts';
import {
  alive,
  backLines,
  endedLines,
  lines,
  opened,
  type Revoked,
  restored,
  revokedSite,
  url,
} from '../support/revoked-site.ts';
import { startServer } from '../support/server.ts';

const refusal = (promise: Promise<unknown>): Promise<{ code: string; message: string }> =>
  promise.then(
    () => ({ code: 'resolved', message: '' }),
    error => error,
  );

describe('O5 O14 a restore is refused, with nothing changed,', function () {
  this.timeout(60_000);
  let revoked: Revoked;
  before(async () => {
    revoked = await revokedSite();
  });

  it('while a server runs', async () => {
    await opened(revoked, async server => {
      const { code, message } = await refusal(restored(revoked));
      expect(code).to.equal('in_use');
      expect(message).to.contain('stop the Modelgate that runs on this data directory');
      expect(await alive(server, revoked)).to.deep.equal(['kept']);
    });
  });

  const bent = (change: (bytes: Buffer) => Buffer): string => {
    const file = join(dataDirectory(), 'bent.db');
    writeFileSync(file, change(readFileSync(revoked.backup)));
    return file;
  };
  const emptyDatabase = async (change: (db: Knex) => Promise<unknown>): Promise<string> => {
    const file = join(dataDirectory(), 'other.db');
    const db = knex({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
    await change(db).finally(() => db.destroy());
    return file;
  };
  const newer = async (): Promise<string> => {
    const file = bent(bytes => bytes);
    const db = knex({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
    await db('knex_migrations').insert({ name: '9999', batch: 1, migration_time: 0 });
    await db.destroy();
    return file;
  };
  const otherSite = async (): Promise<string> => {
    const data = dataDirectory();
    const server = await startServer({ data, now: () => Date.now() + 1_000 });
    const { name } = (await server.admin.post(url('site:backup'))).body;
    await server.close();
    return join(data, name);
  };
  const withLog = async (): Promise<string> => {
    const folder = dataDirectory();
    const server = await startServer({ data: folder });
    const file = join(dataDirectory(), 'modelgate.db');
    for (const ending of ['', '-wal']) copyFileSync(join(folder, `modelgate.db${ending}`), file + ending);
    await server.close();
    return file;
  };
  const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));
  const holed = (bytes: Buffer) => Buffer.from(bytes).fill(0x5a, 4096, 3 * 4096);
  for (const [what, backup, says] of [
    ['is not there', async () => '/nowhere.db', "can't be read (ENOENT)"],
    ['is a folder', async () => dataDirectory(), "is no backup of Modelgate's"],
    ['is empty', async () => bent(() => Buffer.alloc(0)), "is no backup of Modelgate's"],
    ['is text', async () => bent(() => Buffer.from('{}'.repeat(9999))), "is no backup of Modelgate's"],
    ['was cut off', async () => bent(half), "is no backup of Modelgate's, or is damaged"],
    ['is damaged', async () => bent(holed), "is no backup of Modelgate's, or is damaged"],
    ["is another program's", () => emptyDatabase(db => db.raw('create table t (a)')), "is no backup of Modelgate's"],
    ['is of a newer version', newer, 'was written by a newer Modelgate'],
    ["is another site's", otherSite, 'is the backup of another site'],
    ['has a log beside it', withLog, 'has a log beside it'],
    ['is the store itself', async () => join(revoked.data, 'modelgate.db'), 'is the store itself'],
  ] as readonly [string, () => Promise<string>, string][]) {
    it(`of a file that ${what}`, async () => {
      const file = await backup();
      const before = await inspect(join(revoked.data, 'modelgate.db'));
      const { message } = await refusal(restored({ ...revoked, backup: file }));
      expect(message).to.contain(says);
      expect(message).to.contain(file);
      expect(await inspect(join(revoked.data, 'modelgate.db'))).to.deep.equal(before);
      expect(readdirSync(revoked.data).filter(name => /replaced|partial/.test(name))).to.deep.equal([]);
    });
  }
});

describe('O5 T53 a restore over a store that', function () {
  this.timeout(60_000);
  for (const [what, harm] of [
    ['is gone', database => rmSync(database)],
    ['is damaged', database => writeFileSync(database, 'damaged'.repeat(9999))],
    ['is gone with all its files', database => ['', '-mark'].map(ending => rmSync(database + ending))],
    ['left a foreign log', database => [writeFileSync(database, 'damaged'), writeFileSync(`${database}-wal`, 'log')]],
  ] as readonly [string, (database: string) => unknown][]) {
    it(`${what} needs --accept-loss, since nobody knows what was revoked`, async () => {
      const revoked = await revokedSite();
      harm(join(revoked.data, 'modelgate.db'));
      const { message } = await refusal(restored(revoked));
      expect(message).to.contain('--accept-loss');
      const done = await restored(revoked, { acceptLoss: true });
      expect(done).to.include({ replacedRevision: undefined });
      await opened(revoked, async server => {
        expect(await alive(server, revoked)).to.have.members(Object.keys(revoked.keys));
        const [event] = (await server.admin.get(url('audit_events?action=site.restore'))).body.audit_events;
        expect(event.details).to.include({ compared: false });
      });
    });
  }

  it('has lost its last changes tells what it still knows, with --accept-loss', async () => {
    const revoked = await revokedSite();
    const database = join(revoked.data, 'modelgate.db');
    copyFileSync(database, `${database}-older`);
    await opened(revoked, async ({ admin }) => void (await admin.post(url('users'), { username: 'later' })));
    copyFileSync(`${database}-older`, database);
    expect((await refusal(restored(revoked))).code).to.equal('damaged');
    const done = await restored(revoked, { acceptLoss: true });
    expect(lines(done)).to.have.members(endedLines(revoked, 'ended').concat(backLines));
  });
});
