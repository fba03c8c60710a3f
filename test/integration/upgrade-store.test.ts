import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import knex, { type Knex } from 'knex';
import { identifier } from '../../src/admin/schemas/fields.ts';
import { restore } from '../../src/assemble.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { migrationSource } from '../../src/store/sql/migrations/migrations.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { author, keyOf, openSqlite } from '../support/store.ts';

/** The source of migrations as it was when it had only the first so many. */
const firstMigrations = (count: number) => ({
  ...migrationSource,
  getMigrations: async () => (await migrationSource.getMigrations([])).slice(0, count),
});

/** A database of the version that had so many migrations. */
async function databaseOf(directory: string, migrations: number): Promise<Knex> {
  const connection = { filename: join(directory, 'modelgate.db') };
  const db = knex({ client: 'sqlite3', connection, useNullAsDefault: true });
  await db.migrate.latest({ migrationSource: firstMigrations(migrations) });
  return db;
}

describe('a store that an earlier version made', () => {
  it('B43 is brought up to date when it is opened: its keys are there, and can be replaced', async () => {
    const directory = dataDirectory();
    const db = await databaseOf(directory, 1);
    const principal = { principal: 'ada', kind: 'user', name: '', email: '', site_admin: true, deactivated: false };
    await db('principals').insert({ ...principal, created_at: 1 });
    const key = { key_id: 'old', digest: 'd'.repeat(64), principal: 'ada', comments: '', audiences: '["API"]' };
    await db('api_keys').insert({ ...key, created_at: 1 });
    await db.destroy();
    const store = await openSqlite(directory);
    const known = await store.read.findApiKey('old');
    const successor = { key: keyOf('new', 'ada'), digest: 'e'.repeat(64) };
    await store.write(author, writes => writes.replaceApiKey('old', successor, 0));
    const replaced = await store.read.findApiKey('old');
    await store.close();
    expect(known).to.deep.equal(keyOf('old', 'ada'));
    expect(replaced).to.include({ replaced_by: 'new' });
  });

  it('T53 O14 is restored as a backup, with the keys ended that were ended since', async () => {
    const directory = dataDirectory();
    const backup = join(dataDirectory(), 'old.db');
    const db = knex({ client: 'sqlite3', connection: { filename: backup }, useNullAsDefault: true });
    await db.migrate.latest({ migrationSource: firstMigrations(1) });
    const principal = { principal: 'ada', kind: 'user', name: '', email: '', site_admin: true, deactivated: false };
    await db('principals').insert({ ...principal, created_at: 1 });
    const key = { principal: 'ada', comments: '', audiences: '["API"]', created_at: 1 };
    await db('api_keys').insert({ ...key, key_id: 'kept', digest: 'd'.repeat(64) });
    await db('api_keys').insert({ ...key, key_id: 'ended', digest: 'e'.repeat(64) });
    await db.destroy();
    copyFileSync(backup, join(directory, 'modelgate.db'));
    const before = await openSqlite(directory);
    await before.write(author, writes => writes.deleteApiKey('ended'));
    await before.close();
    const options = { dryRun: false, includeRevoked: false, acceptLoss: false };
    const { reopened } = await restore({ dataDirectory: directory, backup, ...options });
    const store = await openSqlite(directory);
    const keys = await store.read.findApiKeys(['kept', 'ended']);
    await store.close();
    expect(reopened.map(({ id, ended }) => [id, ended])).to.deep.equal([['ended', true]]);
    expect([...keys.keys()]).to.deep.equal(['kept']);
  });

  it('B49 T58 S7 tells what Modelgate did by itself from what a user named system did', async () => {
    const directory = dataDirectory();
    const db = await databaseOf(directory, 13);
    const event = { revision: 1, at: 1, actor: 'system', action: 'user.create', details: '{}' };
    await db('audit_events').insert({ ...event, address: '', target: 'ada' });
    await db('audit_events').insert({ ...event, address: '10.1.2.3', target: 'ben' });
    await db.destroy();
    const store = await openSqlite(directory);
    const events = await store.read.listAuditEvents({ limit: 10 });
    await store.close();
    const authors = Object.fromEntries(events.map(({ target, actor }) => [target, actor]));
    expect(authors).to.deep.equal({ ada: 'modelgate:system', ben: 'system' });
    expect(identifier.safeParse(authors['ada']).success).to.equal(false);
  });

  it('B30 T53 knows by the audit which Key IDs were ended before, but for those that came in anew', async () => {
    const directory = dataDirectory();
    const db = await databaseOf(directory, 15);
    const principal = { principal: 'ada', kind: 'user', name: '', email: '', site_admin: true, deactivated: false };
    await db('principals').insert({ ...principal, created_at: 1 });
    const key = { digest: 'd'.repeat(64), principal: 'ada', comments: '', audiences: '["API"]', created_at: 1 };
    await db('api_keys').insert({ ...key, key_id: 'anew' });
    const event = { revision: 1, actor: 'ada', address: '', details: '{}' };
    for (const [at, action, target] of [
      [1, 'api_key.delete', 'gone'],
      [2, 'api_key.delete', 'gone'],
      [3, 'api_key.delete', 'anew'],
      [4, 'api_key.rotate', 'replaced'],
      [5, 'api_key.create', 'made'],
    ] as const) {
      await db('audit_events').insert({ ...event, at, action, target });
    }
    await db.destroy();
    const store = await openSqlite(directory);
    const ids = ['gone', 'anew', 'replaced', 'made'];
    const found = await store.read.findRevokedKeys(ids.map(key_id => ({ key_id, digest: digestOf(key_id) })));
    await store.close();
    expect([...found].sort()).to.deep.equal([
      ['gone', 2],
      ['replaced', 4],
    ]);
  });

  it('T55 counts teams and projects for the users that made them, as the audit tells, and what a site admin made for nobody', async () => {
    const directory = dataDirectory();
    const db = await databaseOf(directory, 18);
    const user = { kind: 'user', name: '', email: '', deactivated: false, created_at: 1 };
    for (const [principal, site_admin] of [
      ['root', true],
      ['ada', false],
      ['ben', false],
    ] as const) {
      await db('principals').insert({ ...user, principal, site_admin });
    }
    const project = { name: '', owner_user: 'ben', visibility: 'private', created_at: 1 };
    for (const [id, actor] of [
      ['one', 'ada'],
      ['two', 'ada'],
      ['three', 'root'],
      ['four', 'gone'],
    ] as const) {
      await db('projects').insert({ ...project, project_id: id });
      await db('teams').insert({ team: id, created_at: 1 });
      const event = { revision: 1, at: 1, actor, address: '', target: id, details: '{}' };
      await db('audit_events').insert(['project.create', 'team.create'].map(action => ({ ...event, action })));
    }
    await db.destroy();
    const store = await openSqlite(directory);
    const counts = [];
    for (const name of ['ada', 'ben', 'root', 'gone']) {
      counts.push([await store.read.countOwned('teams', name), await store.read.countOwned('projects', name)]);
    }
    await store.close();
    expect(counts).to.deep.equal([
      [2, 2],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});
