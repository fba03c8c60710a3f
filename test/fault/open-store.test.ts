import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import knex from 'knex';
import { serve } from '../../src/assemble.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';
import { openAsOwner } from '../support/as-owner.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData } from '../support/serve-process.ts';
import { startServer } from '../support/server.ts';
import { author, openSqlite, user } from '../support/store.ts';

interface Refused {
  readonly code: string;
  readonly message: string;
}

const refusal = (data: string): Promise<Refused> =>
  openSqlite(data).then(
    () => ({ code: 'opened', message: '' }),
    (error: Refused) => error,
  );

describe('fault: a store that can not be opened', () => {
  it('says who has the directory when another server runs on it, and leaves that one alone', async () => {
    const data = dataDirectory();
    const server = await startServer({ data });
    const { code, message } = await refusal(data);
    const stillWrites = await server.admin.post('/api/v2/users', { username: 'ada' });
    await server.close();
    expect(code).to.equal('in_use');
    expect(message).to.contain('--data (MODELGATE_DATA)');
    expect(stillWrites.status).to.equal(201);
  });

  it('names the setting when the directory can not be made', async () => {
    const file = join(dataDirectory(), 'a-file');
    writeFileSync(file, 'kept');
    const { code, message } = await refusal(join(file, 'data'));
    expect(code).to.equal('unwritable');
    expect(message).to.contain('--data (MODELGATE_DATA)').and.to.contain('ENOTDIR');
  });

  it('refuses a file that is no database, and does not touch it', async () => {
    const data = dataDirectory();
    const file = join(data, 'modelgate.db');
    writeFileSync(file, 'something else that somebody may want back'.repeat(200));
    const before = statSync(file).size;
    expect((await refusal(data)).code).to.equal('damaged');
    expect(statSync(file).size).to.equal(before);
  });

  it('refuses a database that a newer version wrote', async () => {
    const data = dataDirectory();
    await (await openSqlite(data)).close();
    const db = knex({
      client: 'sqlite3',
      connection: { filename: join(data, 'modelgate.db') },
      useNullAsDefault: true,
    });
    await db('knex_migrations').insert({ name: '9999', batch: 2 });
    await db.destroy();
    const { code, message } = await refusal(data);
    expect(code).to.equal('newer_version');
    expect(message).to.contain('newer Modelgate');
  });

  it('refuses a path where the database is a folder', async () => {
    const data = dataDirectory();
    mkdirSync(join(data, 'modelgate.db'));
    expect((await refusal(data)).code).to.equal('unwritable');
  });

  for (const [name, path, mode] of [
    ['folder that it may only read', '.', 0o500],
    ['database that it may only read', 'modelgate.db', 0o400],
    ['mark that it may only read', 'modelgate.db-mark', 0o400],
  ] as const) {
    it(`T39 names the setting for a ${name}`, async () => {
      const data = dataDirectory();
      await (await openSqlite(data)).close();
      const { code, message } = openAsOwner(data, path, mode);
      expect(code).to.equal('unwritable');
      expect(message).to.contain('--data (MODELGATE_DATA)');
    });
  }

  it('keeps data directory, database and mark to their owner', async () => {
    const data = join(dataDirectory(), 'made-by-us');
    await (await openSqlite(data)).close();
    const modes = [data, join(data, 'modelgate.db'), join(data, 'modelgate.db-mark')].map(
      path => statSync(path).mode & 0o777,
    );
    expect(modes).to.deep.equal([0o700, 0o600, 0o600]);
  });

  it('T25 keeps the database and its log to their owner in a folder that others may enter', async () => {
    const data = dataDirectory();
    chmodSync(data, 0o755);
    const mask = process.umask(0o022);
    const store = await openSqlite(data).finally(() => process.umask(mask));
    const modes = ['modelgate.db', 'modelgate.db-wal'].map(name => statSync(join(data, name)).mode & 0o777);
    await store.close();
    expect(modes).to.deep.equal([0o600, 0o600]);
  });

  it('takes no write after it is closed, and says so', async () => {
    const store = await openSqlite();
    await store.close();
    const error: Refused = await store.write(author, w => w.insertUser(user('a'))).catch(refused => refused);
    expect(error.code).to.equal('unavailable');
  });
});

describe('fault: a server that can not start', () => {
  const log = createLog('error', { write: () => undefined });
  const start = (flags: Record<string, string>) =>
    serve(readConfig(flags, {}), { log }).then(
      async running => {
        await running.close();
        return 'started';
      },
      (error: Error) => error.message,
    );

  it('says how to get a site admin where there is none', async () => {
    expect(await start({ data: dataDirectory() })).to.contain('modelgate init --admin NAME');
  });

  it('names the flag of a port that is taken, and gives the data directory back', async () => {
    const data = dataDirectory();
    await initData(data);
    const other = await startServer();
    const free = '127.0.0.1:0';
    const admin = await start({ data, 'admin-listen': `127.0.0.1:${other.adminPort}`, 'check-listen': free });
    const check = await start({ data, 'admin-listen': free, 'check-listen': `127.0.0.1:${other.checkPort}` });
    await other.close();
    expect(admin).to.contain('is taken').and.to.contain('--admin-listen (MODELGATE_ADMIN_LISTEN)');
    expect(check).to.contain('is taken').and.to.contain('--check-listen (MODELGATE_CHECK_LISTEN)');
    expect(await start({ data, 'admin-listen': free, 'check-listen': free })).to.equal('started');
  });

  it('makes the first admin from a bootstrap key, refuses one of another form, and ignores it later', async () => {
    const data = dataDirectory();
    const file = join(dataDirectory(), 'key');
    const free = { data, 'admin-listen': '127.0.0.1:0', 'check-listen': '127.0.0.1:0', 'bootstrap-key-file': file };
    writeFileSync(file, 'no key at all', { mode: 0o600 });
    expect(await start(free)).to.contain('holds no legacy key');
    const { makeSecret } = await import('../../src/keys/secret.ts');
    writeFileSync(file, `${makeSecret('legacy_key')}\n`, { mode: 0o600 });
    expect(await start(free)).to.equal('started');
    expect(await start(free)).to.equal('started');
  });

  it('listens on a Unix socket for its group only, and again after a stop', async () => {
    const data = dataDirectory();
    await initData(data);
    const socket = join(dataDirectory(), 'check.sock');
    const flags = { data, 'admin-listen': '127.0.0.1:0', 'check-listen': `unix:${socket}` };
    const running = await serve(readConfig(flags, {}), { log });
    expect(statSync(socket).mode & 0o777).to.equal(0o660);
    const second = dataDirectory();
    await initData(second);
    expect(await start({ ...flags, data: second })).to.contain('--check-listen');
    await running.close();
    expect(await start(flags)).to.equal('started');
  });
});
