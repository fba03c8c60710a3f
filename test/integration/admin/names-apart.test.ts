import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import knex, { type Knex } from 'knex';
import { init } from '../../../src/assemble.ts';
import { makeSecret } from '../../../src/keys/secret.ts';
import { isOwnAuthor } from '../../../src/store/own-author.ts';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { cli } from '../../support/cli.ts';
import { startCliSite } from '../../support/cli-site.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { serveAgain, startServer, type TestServer } from '../../support/server.ts';

const reserved = ['system', 'SYSTEM', 'modelgate:system', 'Modelgate:x', 'api_key:abc', 'API_KEY:abc'];

/** Each way by which the API makes a user or an application. */
const waysIn: Readonly<Record<string, (admin: AdminClient, name: string) => ReturnType<AdminClient['post']>>> = {
  'POST /users': (admin, username) => admin.post('/api/v2/users', { username }),
  'POST /applications': (admin, name) => admin.post('/api/v2/applications', { name }),
  'users of a document': (admin, username) => admin.post('/api/v2/site:apply', { users: [{ username }] }),
  'applications of a document': (admin, name) =>
    admin.post('/api/v2/site:apply', { applications: [{ name, owner: 'root' }] }),
};

describe('B49 T58 S7 a new name', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/users', { username: 'Ada' });
    await server.admin.post('/api/v2/applications', { name: 'Robot' });
  });
  after(() => server.close());

  for (const [way, make] of Object.entries(waysIn)) {
    it(`by ${way}: is none that reads like Modelgate's own, nor like another`, async () => {
      for (const name of reserved) {
        const { status, body } = await make(server.admin, name);
        expect(status, name).to.equal(400);
        expect(body.message, name).to.match(/Modelgate/);
      }
      for (const name of ['ada', 'ADA', 'robot', 'rOBOT', 'Root']) {
        const { status, body } = await make(server.admin, name);
        expect(status, name).to.equal(409);
        expect(body.message).to.include(`${name} is taken by`);
      }
      expect((await make(server.admin, `systems-${randomUUID()}`)).status).to.be.oneOf([200, 201]);
    });
  }

  it('is unlike all others of its own document', async () => {
    const both = { users: [{ username: 'Zoe' }, { username: 'zoe' }] };
    expect((await server.admin.post('/api/v2/site:apply', both)).status).to.equal(409);
    const mixed = { users: [{ username: 'Yve' }], applications: [{ name: 'yve', owner: 'root' }] };
    expect((await server.admin.post('/api/v2/site:apply', mixed)).status).to.equal(409);
    expect((await server.admin.get('/api/v2/users?search_filter=yve')).body.users).to.deep.equal([]);
  });

  it('is free again once its holder is gone', async () => {
    await server.admin.post('/api/v2/users', { username: 'Once' });
    await server.admin.delete('/api/v2/users/Once');
    expect((await server.admin.post('/api/v2/users', { username: 'once' })).status).to.equal(201);
  });

  it('of a first site admin is no other', async () => {
    for (const name of reserved) {
      const data = dataDirectory();
      expect((await init(data, name).catch(error => error)).message, name).to.match(/Modelgate/);
      expect((await cli(['init', '--admin', name, '--data', data])).code, name).to.equal(2);
    }
    const data = dataDirectory();
    const file = join(data, 'key');
    writeFileSync(file, makeSecret('legacy_key'), { mode: 0o600 });
    const flags = { 'bootstrap-key-file': file, 'bootstrap-admin': 'System' };
    expect((await serveAgain(data, undefined, { flags }).catch(error => error)).message).to.match(/Modelgate/);
  });
});

describe('B49 T58 names from before', () => {
  it('go on, are told at the start, and are no example', async () => {
    const data = dataDirectory();
    const key = await init(data, 'root');
    const first = await serveAgain(data, { key });
    await first.admin.post('/api/v2/site:apply', {
      users: [{ username: 'jane' }, { username: 'old-1' }, { username: 'old-2' }],
    });
    await first.close();
    await rename(data, { 'old-1': 'Jane', 'old-2': 'system' });
    const server = await serveAgain(data, { key });
    const told = server.logged.map(line => JSON.parse(line)).filter(({ names }) => names);
    expect(told).to.have.length(1);
    expect(told[0]).to.deep.include({ level: 40, names: ['Jane', 'jane', 'system'], more: false });
    for (const username of ['Jane', 'jane', 'system']) {
      const client = await server.as(username);
      expect((await client.post(`/api/v2/users/${username}/v2_keys`, {})).status).to.equal(201);
      expect((await server.admin.patch(`/api/v2/users/${username}`, { name: 'N' })).status).to.equal(200);
    }
    const { body: site } = await server.admin.get('/api/v2/site');
    expect((await server.admin.post('/api/v2/site:apply?prune=true', site)).body.steps).to.deep.equal([]);
    expect((await server.admin.post('/api/v2/users', { username: 'JANE' })).status).to.equal(409);
    for (const username of ['Jane', 'system']) await server.admin.delete(`/api/v2/users/${username}`);
    await server.close();
    const again = await serveAgain(data, { key });
    await again.close();
    expect(again.logged.filter(line => line.includes('"names"'))).to.deep.equal([]);
  });
});

describe('B49 T58 the id of a project', () => {
  it('differs from every other by more than case, one by one, within a document and against the site', async () => {
    const server = await startServer();
    const { admin } = server;
    await admin.post('/api/v2/projects', { project_id: 'Fraud' });
    const document = (...ids: string[]) => ({
      projects: ids.map(project_id => ({ project_id, owner: { username: 'root' } })),
    });
    const refused = [
      await admin.post('/api/v2/projects', { project_id: 'fraud' }),
      await admin.post('/api/v2/site:apply', document('fRAUD')),
      await admin.post('/api/v2/site:apply', document('new', 'New')),
    ];
    const same = await admin.post('/api/v2/site:apply', document('Fraud'));
    await server.close();
    expect(refused.map(({ status }) => status)).to.deep.equal([409, 409, 409]);
    // The other one may not be the caller's to know.
    expect(refused[0]?.body.message)
      .to.match(/fraud already, .*upper and lower case/)
      .and.not.include('Fraud');
    expect([same.status, same.body.steps]).to.deep.equal([200, []]);
  });

  it('from before goes on beside one that is like it, and both are told at the start', async () => {
    const data = dataDirectory();
    const key = await init(data, 'root');
    const first = await serveAgain(data, { key });
    for (const project_id of ['fraud', 'old']) await first.admin.post('/api/v2/projects', { project_id });
    await first.close();
    await changeStore(data, db => db('projects').where({ project_id: 'old' }).update({ project_id: 'Fraud' }));
    const server = await serveAgain(data, { key });
    const told = server.logged.map(line => JSON.parse(line)).filter(({ names }) => names);
    const renamed = await server.admin.patch('/api/v2/projects/Fraud', { name: 'N' });
    const { body: site } = await server.admin.get('/api/v2/site');
    const { steps } = (await server.admin.post('/api/v2/site:apply?prune=true', site)).body;
    await server.close();
    expect(told).to.have.length(1);
    expect(told[0]).to.deep.include({ level: 40, names: ['Fraud', 'fraud'], more: false });
    expect([renamed.status, steps]).to.deep.equal([200, []]);
  });
});

describe('B49 T58 the audit', () => {
  it('names as authors of ours, by their form, what no user did, and nothing else', async () => {
    const data = dataDirectory();
    const server = await serveAgain(data, { key: await init(data, 'root') });
    await server.firstSignIn('http://127.0.0.1:9192');
    const names = ['api_key', 'modelgate', 'systems', 'a:modelgate:system', 'ada'];
    await server.admin.post('/api/v2/site:apply', { users: names.map(username => ({ username })) });
    for (const username of names) {
      const client = await server.as(username);
      const { api_key } = (await client.post(`/api/v2/users/${encodeURIComponent(username)}/v2_keys`, {})).body;
      await adminClient(server.admin.url, api_key).post('/api/v2/auth/revoke_key', {});
    }
    const { audit_events } = (await server.admin.get('/api/v2/audit_events?page_size=1000')).body;
    await server.close();
    const users = new Set(['root', ...names]);
    const wrong = audit_events.filter(({ actor }: { actor: string }) => isOwnAuthor(actor) === users.has(actor));
    const authors = new Set(audit_events.map(({ actor }: { actor: string }) => actor.replace(/^(api_key:).*/, '$1')));
    expect(wrong).to.deep.equal([]);
    expect([...authors]).to.have.members(['modelgate:system', 'api_key:', ...users]);
  });
});

describe('B49 R14 the command line', () => {
  it('takes names as directories have them', async () => {
    const site = await startCliSite();
    for (const name of ['CORP\\jane', "o'brien#EXT#@x.org", 'system:serviceaccount:ml:scorer', 'jane+ml@x.org']) {
      await site.printed(`users create ${name}`);
      const key = await site.keyFileOf(name);
      await site.printed(`keys create --user ${name}`, '', key);
      expect(await site.printed(`keys list --user ${name}`)).to.match(/^\w{16} +active/m);
      expect(await site.printed(`users list --search ${name}`)).to.include(name);
      expect(await site.printed('users sign-in-link jane'.replace('jane', name))).to.include('#/sign-in?token=');
    }
    const exported = await site.printed('export');
    expect(await site.printed('apply -f -', exported)).to.equal('nothing to change\n');
    await site.close();
  });
});

/** Gives users the names that they could have before, in a store that nobody has open. */
async function rename(data: string, names: Readonly<Record<string, string>>): Promise<void> {
  await changeStore(data, async db => {
    for (const [from, principal] of Object.entries(names)) {
      await db('legacy_keys').where({ principal: from }).update({ principal });
      await db('principals').where({ principal: from }).update({ principal });
    }
  });
}

/** Changes a store that nobody has open past all that is asked of changes. */
async function changeStore(data: string, change: (db: Knex) => PromiseLike<unknown>): Promise<void> {
  const db = knex({ client: 'sqlite3', connection: { filename: join(data, 'modelgate.db') }, useNullAsDefault: true });
  await change(db);
  // So that the checks of the rows are made anew.
  await db('store_state').update({ row_form: '' });
  await db.destroy();
}
