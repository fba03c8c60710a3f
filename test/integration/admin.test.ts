import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { digestOf } from '../../src/keys/digest.ts';
import { makeSecret } from '../../src/keys/secret.ts';
import { type AdminClient, adminClient } from '../support/admin-client.ts';
import { modelCall } from '../support/check-client.ts';
import { startServer, type TestServer } from '../support/server.ts';

const dayMs = 86_400_000;
const today = Date.UTC(2026, 0, 15, 12);
const dateIn = (days: number) => new Date(today + days * dayMs).toISOString().slice(0, 10);

const site = {
  users: [{ username: 'ada' }, { username: 'ben' }, { username: 'otto' }],
  projects: [
    {
      project_id: 'p',
      owner: { username: 'ada' },
      collaborators: [{ username: 'ben', permission: 'read' }],
      models: [{ model_id: 'fraud' }, { model_id: 'churn' }],
    },
  ],
};

/** Status of a check with an access key and an API key: 200, or the denial's. */
async function statusOf(server: TestServer, accessKey: string, bearer?: string): Promise<number> {
  const call = modelCall({ accessKey, ...(bearer === undefined ? {} : { bearer }) });
  const { okResponse, deniedResponse } = await server.checks.check(call);
  return okResponse ? 200 : (deniedResponse?.status?.code ?? 0);
}

describe('admin API: API keys', () => {
  let server: TestServer;
  let ben: AdminClient;
  let accessKey: string;
  let now = today;
  const keys = '/api/v2/users/ben/v2_keys';
  const create = async (body: object = {}) => (await ben.post(keys, body)).body;

  before(async () => {
    server = await startServer({ now: () => now });
    await server.admin.post('/api/v2/site:apply', site);
    ben = await server.as('ben');
    accessKey = (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
  });
  after(() => server.close());
  beforeEach(() => {
    now = today;
  });

  it('B28 shows the secret once, with its Key ID, and never again', async () => {
    const { status, body } = await ben.post(keys, { comments: 'laptop' });
    expect(status).to.equal(201);
    expect(body).to.include({ username: 'ben', comments: 'laptop' });
    expect(body.api_key).to.match(/^mgk_[0-9A-Za-z]{49}$/);
    const list = await ben.get(keys);
    expect(list.body.api_keys.map((key: { key_id: string }) => key.key_id)).to.include(body.key_id);
    expect(JSON.stringify(list.body)).to.not.contain(body.api_key);
    expect(JSON.stringify((await server.admin.get('/api/v2/audit_events')).body)).to.not.contain(body.api_key);
    expect(server.logged.join('')).to.not.contain(body.api_key);
  });

  it('B28 lets a principal hold many keys, each of which works', async () => {
    const made = [await create(), await create(), await create()];
    for (const { api_key } of made) {
      expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    }
  });

  it('B29 takes a date for the end of that day, an instant, or the default number of days', async () => {
    expect((await create({ expiry_date: dateIn(10) })).expiry_date).to.equal(`${dateIn(10)}T23:59:59.999Z`);
    const instant = `${dateIn(3)}T01:02:03Z`;
    expect((await create({ expiry_date: instant })).expiry_date).to.equal(`${dateIn(3)}T01:02:03.000Z`);
    expect((await create()).expiry_date).to.equal(new Date(today + 365 * dayMs).toISOString());
  });

  it('B29 refuses a date that is too late, past or none, and names the latest allowed one', async () => {
    for (const expiry_date of [dateIn(366), dateIn(-1), '2026-02-30', 'tomorrow', '', `${dateIn(0)}T11:59:59Z`]) {
      const { status, body } = await ben.post(keys, { expiry_date });
      expect([status, body.details[0].field], expiry_date).to.deep.equal([400, 'expiry_date']);
    }
    expect((await ben.post(keys, { expiry_date: dateIn(366) })).body.message).to.contain(dateIn(365));
    expect((await ben.post(keys, { expiry_date: dateIn(365) })).status).to.equal(201);
  });

  it('B16 refuses the key from its expiry instant on', async () => {
    const { api_key } = await create({ expiry_date: `${dateIn(1)}T12:00:00Z` });
    now = today + dayMs - 1;
    expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    now = today + dayMs;
    expect(await statusOf(server, accessKey, api_key)).to.equal(401);
  });

  it('B30 B38 C13 deletes one key: it is refused as soon as the answer is there', async () => {
    const { key_id, api_key } = await create();
    expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    expect((await ben.delete(`${keys}/${key_id}`)).status).to.equal(204);
    expect(await statusOf(server, accessKey, api_key)).to.equal(401);
    expect((await ben.delete(`${keys}/${key_id}`)).status).to.equal(404);
  });

  it('B30 deletes expired keys too', async () => {
    const { key_id } = await create({ expiry_date: dateIn(1) });
    now = today + 3 * dayMs;
    expect((await ben.delete(`${keys}/${key_id}`)).status).to.equal(204);
  });

  it('B31 lowering the default shortens no key, and shows which exceed it', async () => {
    const { key_id, expiry_date } = await create({ expiry_date: dateIn(300) });
    await server.admin.patch('/api/v2/settings', { default_api_key_expiration_days: 30 });
    const { body } = await ben.get(keys);
    await server.admin.patch('/api/v2/settings', { default_api_key_expiration_days: 365 });
    const key = body.api_keys.find((each: { key_id: string }) => each.key_id === key_id);
    expect(key).to.include({ expiry_date, exceeds_default_expiration: true });
  });

  it('B32 shows when and for which model a key was last used', async () => {
    const { key_id, api_key } = await create();
    const shown = async () =>
      (await ben.get(keys)).body.api_keys.find((each: { key_id: string }) => each.key_id === key_id);
    expect(await shown()).to.include({ last_used_at: null, last_used_model: null });
    await statusOf(server, accessKey, api_key);
    expect(await shown()).to.include({ last_used_at: new Date(today).toISOString(), last_used_model: 'fraud' });
  });

  it('B44 makes a key for some models, and refuses one for a model that is not there', async () => {
    const { api_key } = await create({ models: ['churn'] });
    expect(await statusOf(server, accessKey, api_key)).to.equal(403);
    expect((await ben.post(keys, { models: ['nothing'] })).body.details[0].field).to.equal('models');
  });

  it('B44 tells no model of others from one that is not there', async () => {
    const otto = await server.as('otto');
    const ask = async (model: string) =>
      (await otto.post('/api/v2/users/otto/v2_keys', { models: [model] })).body.details[0].description;
    expect((await ask('fraud')).replace('fraud', 'X')).to.equal((await ask('nothing')).replace('nothing', 'X'));
  });

  it('B17 makes a key for applications, which calls no model', async () => {
    const { api_key } = await create({ audiences: ['Application'] });
    expect(await statusOf(server, accessKey, api_key)).to.equal(403);
  });

  it('B30 deletes all keys of a user, and answers the count', async () => {
    await create();
    const { body } = await ben.get(keys);
    expect((await server.admin.delete(keys)).body).to.deep.equal({ deleted: body.api_keys.length });
    expect((await ben.get(keys)).body.api_keys).to.deep.equal([]);
  });

  it('validates a key for whoever holds it', async () => {
    const { api_key } = await create();
    const validate = (key: string, audience: string) =>
      adminClient(server.admin.url, key).post('/api/v2/auth/validate_key', { audience });
    expect((await validate(api_key, 'API')).body).to.include({ valid: true, username: 'ben' });
    expect((await validate(api_key, 'Application')).body).to.include({ valid: false, username: '' });
    expect((await validate(makeSecret('api_key'), 'API')).body).to.include({ valid: false, username: '' });
    expect((await validate('', 'API')).status).to.equal(401);
  });
});

describe('admin API: users', () => {
  let server: TestServer;
  let accessKey: string;

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
    accessKey = (await server.admin.get('/api/v2/projects/p/models/fraud')).body.access_key;
  });
  after(() => server.close());

  it('B35 gives a new user a legacy key that nobody was shown, and changes it by rotation only', async () => {
    const { status, body } = await server.admin.post('/api/v2/users', { username: 'eve', email: 'eve@example.test' });
    expect(status).to.equal(201);
    expect(JSON.stringify(body)).to.not.match(/mgl_/);
    const first = (await server.admin.post('/api/v2/users/eve/v1_key:rotate')).body.legacy_key;
    const eve = adminClient(server.admin.url, first);
    expect((await eve.get('/api/v2/users/eve')).status).to.equal(200);
    const second = (await eve.post('/api/v2/users/eve/v1_key:rotate')).body.legacy_key;
    expect((await eve.get('/api/v2/users/eve')).status).to.equal(401);
    expect((await adminClient(server.admin.url, second).get('/api/v2/users/eve')).status).to.equal(200);
  });

  it('takes the legacy key as the Basic user name too, and no API key', async () => {
    const { body } = await server.admin.post('/api/v2/users/ada/v1_key:rotate');
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const get = async (headers: Record<string, string>) =>
      (await fetch(`${server.admin.url}/api/v2/users/ada`, { headers })).status;
    const { api_key } = (await server.admin.post('/api/v2/users/ada/v2_keys', {})).body;
    expect(await get(basic(`${body.legacy_key}:`))).to.equal(200);
    expect(await get(basic(`${body.legacy_key}:password`))).to.equal(401);
    expect(await get({ authorization: `Bearer ${api_key}` })).to.equal(401);
  });

  it('C16 B15 never takes a legacy key for a model call', async () => {
    const { body } = await server.admin.post('/api/v2/users/ada/v1_key:rotate');
    expect(await statusOf(server, accessKey, body.legacy_key)).to.equal(401);
  });

  it('B37a ends the keys of a deactivated user for good, in one revision', async () => {
    const ben = await server.as('ben');
    const { api_key, key_id } = (await ben.post('/api/v2/users/ben/v2_keys', {})).body;
    expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    await server.admin.patch('/api/v2/users/ben', { deactivated: true });
    expect(await statusOf(server, accessKey, api_key)).to.equal(401);
    expect((await ben.get('/api/v2/users/ben')).status).to.equal(401);
    const { body } = await server.admin.get('/api/v2/users/ben/v2_keys');
    expect(body.api_keys[0]).to.include({ key_id }).and.to.have.property('ended_at').that.is.a('string');
    expect((await server.admin.post('/api/v2/users/ben/v2_keys', {})).status).to.equal(409);
    await server.admin.patch('/api/v2/users/ben', { deactivated: false });
    expect(await statusOf(server, accessKey, api_key)).to.equal(401);
  });

  it('T30 never leaves the site without an active site admin', async () => {
    for (const changes of [{ site_admin: false }, { deactivated: true }]) {
      expect((await server.admin.patch('/api/v2/users/root', changes)).status).to.equal(409);
    }
  });

  it('T30 opens to an outsider and to nobody only what is theirs', async () => {
    const otto = await server.as('otto');
    const nobody = adminClient(server.admin.url, '');
    const asked: [string, string, unknown, number][] = [
      ['GET', '/api/v2/users', undefined, 403],
      ['POST', '/api/v2/users', { username: 'new' }, 403],
      ['GET', '/api/v2/users/otto', undefined, 200],
      ['GET', '/api/v2/users/ada', undefined, 403],
      ['PATCH', '/api/v2/users/otto', { site_admin: true }, 403],
      ['GET', '/api/v2/users/ada/v2_keys', undefined, 403],
      ['POST', '/api/v2/users/ada/v2_keys', {}, 403],
      ['DELETE', '/api/v2/users/ada/v2_keys', undefined, 403],
      ['DELETE', '/api/v2/users/ada/v2_keys/some-key', undefined, 403],
      ['POST', '/api/v2/users/ada/v1_key:rotate', undefined, 403],
      ['GET', '/api/v2/projects/p/models', undefined, 404],
      ['GET', '/api/v2/projects/p/models/fraud', undefined, 404],
      ['PATCH', '/api/v2/projects/p/models/fraud', { auth_enabled: false }, 404],
      ['POST', '/api/v2/projects/p/models/fraud:regenerate_access_key', undefined, 404],
      ['POST', '/api/v2/models:enable_authentication', { project_id: 'p' }, 404],
      ['GET', '/api/v2/settings', undefined, 403],
      ['PATCH', '/api/v2/settings', {}, 403],
      ['GET', '/api/v2/audit_events', undefined, 403],
      ['GET', '/api/v2/audit_events?project_id=p', undefined, 404],
      ['GET', '/api/v2/site', undefined, 403],
      ['POST', '/api/v2/site:apply', {}, 403],
    ];
    for (const [method, path, body, want] of asked) {
      const call = (client: AdminClient) =>
        method === 'GET'
          ? client.get(path)
          : method === 'DELETE'
            ? client.delete(path)
            : method === 'PATCH'
              ? client.patch(path, body)
              : client.post(path, body);
      expect((await call(otto)).status, `outsider: ${method} ${path}`).to.equal(want);
      expect((await call(nobody)).status, `nobody: ${method} ${path}`).to.equal(401);
    }
  });
});

/** Sends the head and the first byte of a request, waits, then sends the rest: a body on a slow line. */
async function sendSlowly(
  server: TestServer,
  key: string,
  path: string,
  body: string,
  meanwhile: () => Promise<unknown>,
) {
  const socket = connect(server.adminPort, '127.0.0.1');
  const head = [`POST ${path} HTTP/1.1`, 'host: x', `authorization: Bearer ${key}`, 'content-type: application/json'];
  socket.write(`${[...head, `content-length: ${body.length}`, 'connection: close'].join('\r\n')}\r\n\r\n${body[0]}`);
  await sleep(100);
  await meanwhile();
  socket.write(body.slice(1));
  const answer = (await socket.toArray()).map(String).join('');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

describe('admin API: rights that are taken away', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
  });
  after(() => server.close());

  it('T30 are asked again when the change is made, not only when the request came in', async () => {
    await server.admin.post('/api/v2/users', { username: 'mal', site_admin: true });
    const { legacy_key } = (await server.admin.post('/api/v2/users/mal/v1_key:rotate')).body;
    const body = JSON.stringify({ username: 'backdoor', site_admin: true });
    const status = await sendSlowly(server, legacy_key, '/api/v2/users', body, () =>
      server.admin.patch('/api/v2/users/mal', { site_admin: false }),
    );
    expect(status).to.equal(403);
    const after = await sendSlowly(server, legacy_key, '/api/v2/users/mal/v2_keys', '{}', () =>
      server.admin.patch('/api/v2/users/mal', { deactivated: true }),
    );
    expect(after).to.equal(401);
    expect((await server.admin.get('/api/v2/users/backdoor')).status).to.equal(404);
  });

  it('are asked before the body is read', async () => {
    const otto = await server.as('otto');
    const { status } = await otto.post('/api/v2/site:apply', { users: Array.from({ length: 1000 }, () => 1) });
    expect(status).to.equal(403);
  });
});

describe('admin API: models', () => {
  let server: TestServer;
  const path = '/api/v2/projects/p/models/fraud';

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
  });
  after(() => server.close());

  it('shows the access key to those who hold write, not to viewers', async () => {
    const ada = await server.as('ada');
    const ben = await server.as('ben');
    expect((await ada.get(path)).body.access_key).to.match(/^m[0-9a-z]{31}$/);
    expect((await ben.get(path)).body).to.not.have.property('access_key');
    expect((await ben.get('/api/v2/models')).body.models).to.have.length(2);
    expect((await ben.patch(path, { name: 'x' })).status).to.equal(403);
  });

  it('T30 asks for write to change a model, and for admin to see its project in the audit', async () => {
    const collaborators = [
      { username: 'otto', permission: 'read' },
      { username: 'ben', permission: 'write' },
    ];
    await server.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'guarded', owner: { username: 'ada' }, collaborators, models: [{ model_id: 'kept' }] }],
    });
    const [viewer, writer, admin] = [await server.as('otto'), await server.as('ben'), await server.as('ada')];
    const kept = '/api/v2/projects/guarded/models/kept';
    const statuses = async (call: (client: AdminClient) => Promise<{ status: number }>) => [
      (await call(viewer)).status,
      (await call(writer)).status,
      (await call(admin)).status,
    ];
    expect(await statuses(client => client.get(kept))).to.deep.equal([200, 200, 200]);
    expect(await statuses(client => client.patch(kept, { name: 'x' }))).to.deep.equal([403, 200, 200]);
    expect(await statuses(client => client.post(`${kept}:regenerate_access_key`))).to.deep.equal([403, 200, 200]);
    const enable = { project_id: 'guarded' };
    expect(await statuses(client => client.post('/api/v2/models:enable_authentication', enable))).to.deep.equal([
      403, 200, 200,
    ]);
    expect(await statuses(client => client.get('/api/v2/audit_events?project_id=guarded'))).to.deep.equal([
      403, 403, 200,
    ]);
    await server.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'guarded', models: [{ model_id: 'kept', auth_enabled: true }] }],
    });
    expect((await server.admin.get(kept)).body.auth_enabled).to.equal(true);
  });

  it('lets only a site admin set the target', async () => {
    const ada = await server.as('ada');
    expect((await ada.patch(path, { target: 'elsewhere' })).status).to.equal(403);
    expect((await server.admin.patch(path, { target: 'elsewhere' })).body.target).to.equal('elsewhere');
  });

  it('B11 C15 regenerates an access key: the old one is unknown at once', async () => {
    const { body: before } = await server.admin.get(path);
    const { body: after } = await server.admin.post(`${path}:regenerate_access_key`);
    expect(await statusOf(server, before.access_key)).to.equal(404);
    expect(await statusOf(server, after.access_key)).to.equal(401);
  });

  it('B34 gives new models authentication, and imported ones none unless they say so', async () => {
    const models = [
      { model_id: 'new' },
      { model_id: 'imported', access_key: 'an-access-key-from-elsewhere' },
      { model_id: 'imported-on', access_key: 'another-key-from-elsewhere', auth_enabled: true },
    ];
    await server.admin.post('/api/v2/site:apply', { projects: [{ project_id: 'p', models }] });
    const shown = (await server.admin.get('/api/v2/models')).body.models;
    const enabled = Object.fromEntries(
      shown.map((each: { model_id: string; auth_enabled: boolean }) => [each.model_id, each.auth_enabled]),
    );
    expect(enabled).to.include({ new: true, imported: false, 'imported-on': true });
    expect(await statusOf(server, 'an-access-key-from-elsewhere')).to.equal(200);
  });

  it('B34 enables authentication for all existing models in one call and one revision', async () => {
    const before = Number(
      (await server.admin.patch(path, { auth_enabled: false })).headers.get('x-modelgate-revision'),
    );
    const { body, headers } = await server.admin.post('/api/v2/models:enable_authentication', {});
    expect(body).to.deep.equal({ enabled: 2 });
    expect(Number(headers.get('x-modelgate-revision'))).to.equal(before + 1);
    expect(await statusOf(server, 'an-access-key-from-elsewhere')).to.equal(401);
  });

  it('B45 reports by metric who would be refused', async () => {
    await server.admin.patch(path, { auth_enabled: false, auth_shadow: true });
    const { body } = await server.admin.get(path);
    expect(await statusOf(server, body.access_key)).to.equal(200);
    expect((await server.admin.get('/metrics')).body).to.match(
      /modelgate_shadow_denials_total\{reason="api_key_missing"\} 1/,
    );
  });
});

describe('admin API: the site as a document', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());
  const apply = (document: unknown, query = '') => server.admin.post(`/api/v2/site:apply${query}`, document);

  it('applies a document once, and does nothing the second time', async () => {
    const first = await apply(site);
    const second = await apply(site);
    expect(first.body.steps).to.have.length(7);
    expect(second.body).to.deep.equal({ dry_run: false, steps: [] });
    expect(second.headers.get('x-modelgate-revision')).to.equal(first.headers.get('x-modelgate-revision'));
  });

  it('plans without doing anything in a dry run', async () => {
    const { body } = await apply({ users: [{ username: 'zoe' }] }, '?dry_run=true');
    expect(body).to.deep.equal({ dry_run: true, steps: [{ action: 'create', kind: 'user', id: 'zoe' }] });
    expect((await server.admin.get('/api/v2/users/zoe')).status).to.equal(404);
  });

  it('applies all of a document or nothing of it', async () => {
    const broken = { users: [{ username: 'zoe' }], projects: [{ project_id: 'q', owner: { username: 'missing' } }] };
    const { status, body } = await apply(broken);
    expect([status, body.message]).to.deep.equal([404, 'there is no user missing']);
    expect((await server.admin.get('/api/v2/users/zoe')).status).to.equal(404);
  });

  it('exports a document that changes nothing when it is applied, and holds no key', async () => {
    const { body } = await server.admin.get('/api/v2/site');
    expect(JSON.stringify(body)).to.not.match(/"m[0-9a-z]{31}"|[0-9a-f]{64}/);
    expect((await apply(body)).body.steps).to.deep.equal([]);
  });

  it('exports access keys only where they are asked for, and audits it', async () => {
    const { body } = await server.admin.get('/api/v2/site?access_keys=true');
    expect(body.projects[0].models[0].access_key).to.match(/^m[0-9a-z]{31}$/);
    const audited = await server.admin.get('/api/v2/audit_events?action=site.export_access_keys');
    expect(audited.body.audit_events).to.have.length(1);
    expect((await apply(body)).body.steps).to.deep.equal([]);
  });

  it('B42 brings in keys of other forms by digest, expired ones too', async () => {
    const digest = 'ab'.repeat(32);
    const key = { key_id: 'imported', username: 'ben', digest, expiry_date: '2020-01-01' };
    expect((await apply({ api_keys: [key] })).body.steps).to.deep.equal([
      { action: 'create', kind: 'api_key', id: 'imported' },
    ]);
    expect((await apply({ api_keys: [key] })).body.steps).to.deep.equal([]);
    expect((await apply({ api_keys: [{ ...key, digest: 'cd'.repeat(32) }] })).status).to.equal(400);
    const { body } = await server.admin.get('/api/v2/users/ben/v2_keys');
    expect(body.api_keys[0]).to.include({ key_id: 'imported', expired: true });
  });

  it('names the field of every fault, and loses nothing', async () => {
    const { status, body } = await apply({
      users: [{ username: '../x' }],
      projects: [{ project_id: 'p', visiblity: 'public' }],
    });
    expect(status).to.equal(400);
    expect(body.details.map(({ field }: { field: string }) => field)).to.deep.equal([
      'users.0.username',
      'projects.0.visiblity',
    ]);
    expect(body.message).to.contain('visiblity');
  });

  it('refuses a document that names a thing twice, and says where both stand', async () => {
    const twice = [
      { username: 'ben', permission: 'read' },
      { username: 'ben', permission: 'admin' },
    ];
    const { status, body } = await apply({ projects: [{ project_id: 'p', collaborators: twice }] });
    expect([status, body.details[0].field]).to.deep.equal([400, 'projects.0.collaborators.1']);
    expect(body.message).to.contain('projects.0.collaborators.0');
  });

  it('tells a bounded number of faults, however many there are', async () => {
    const { status, body } = await apply({ users: Array.from({ length: 5000 }, () => 1) });
    expect([status, body.details.length]).to.deep.equal([400, 20]);
    expect(body.message).to.contain('and 4980 more');
  });

  it("C16 B15 takes no legacy key's digest for an API key", async () => {
    const { legacy_key } = (await server.admin.post('/api/v2/users/ben/v1_key:rotate')).body;
    const { status, body } = await apply({
      api_keys: [{ key_id: 'disguised', username: 'ben', digest: digestOf(legacy_key) }],
    });
    expect([status, body.message]).to.deep.equal([
      409,
      'a digest is that of the legacy key of ben, which calls no models',
    ]);
  });

  it('B37a ends keys that are brought in for a deactivated user, also when the user comes back', async () => {
    await apply({ users: [{ username: 'fay', deactivated: true }] });
    await apply({ api_keys: [{ key_id: 'late', username: 'fay', digest: digestOf('a key from elsewhere') }] });
    await server.admin.patch('/api/v2/users/fay', { deactivated: false });
    const { body } = await server.admin.get('/api/v2/users/fay/v2_keys');
    expect(body.api_keys[0]).to.include({ key_id: 'late' }).and.to.have.property('ended_at').that.is.a('string');
    const validity = await adminClient(server.admin.url, 'a-key').post('/api/v2/auth/validate_key', {});
    expect(validity.body.valid).to.equal(false);
  });

  it('refuses a date that no calendar or RFC 3339 has', async () => {
    for (const expiry_date of ['2027-02-30T00:00:00Z', '9999-12-31T23:59:59-23:59', '2027-01-01T24:00:00Z']) {
      const key = { key_id: 'odd', username: 'ben', digest: digestOf('odd'), expiry_date };
      expect((await apply({ api_keys: [key] })).status, expiry_date).to.equal(400);
    }
  });

  it('answers in its own terms whatever the text of an id says', async () => {
    expect((await server.admin.post('/api/v2/users', { username: 'aborted' })).status).to.equal(201);
    expect((await server.admin.post('/api/v2/users', { username: 'aborted' })).status).to.equal(409);
    expect((await server.admin.delete('/api/v2/users/ben/v2_keys/aborted')).status).to.equal(404);
    for (const path of ['/api/v2/users/%zz', `/api/v2/users/${'x'.repeat(300)}`]) {
      const { status, body } = await server.admin.get(path);
      expect([status, Object.keys(body)]).to.deep.equal([400, ['code', 'message', 'details']]);
    }
  });

  it('answers a body that is no JSON, another content type and an unknown path in its own words', async () => {
    const send = (path: string, body: string, type: string) =>
      fetch(server.admin.url + path, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: 'Bearer x' },
      });
    const { url } = server.admin;
    const { body } = await server.admin.post('/api/v2/users/root/v1_key:rotate');
    const root = adminClient(url, body.legacy_key);
    const raw = (text: string, type = 'application/json') =>
      fetch(`${url}/api/v2/users`, {
        method: 'POST',
        body: text,
        headers: { 'content-type': type, authorization: `Bearer ${body.legacy_key}` },
      });
    expect((await raw('{no json')).status).to.equal(400);
    expect(await (await raw('{no json')).json()).to.have.property('message', 'the body is no valid JSON');
    expect((await raw('username=x', 'application/x-www-form-urlencoded')).status).to.equal(415);
    expect((await raw(JSON.stringify({ name: 'x'.repeat(2_000_000) }))).status).to.equal(413);
    expect((await root.get('/api/v2/nothing')).status).to.equal(404);
    expect((await send('/api/v2/users', '{}', 'application/json')).status).to.equal(401);
  });
});

describe('admin API: operations', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it('answers liveness, readiness by component, and metrics without a credential', async () => {
    const nobody = adminClient(server.admin.url, '');
    expect((await nobody.get('/healthz')).body).to.deep.equal({ status: 'alive' });
    const { status, body } = await nobody.get('/readyz');
    expect([status, body.ready, Object.keys(body.components)]).to.deep.equal([
      200,
      true,
      ['shutdown', 'store', 'snapshot', 'clock'],
    ]);
    expect((await nobody.get('/metrics')).headers.get('content-type')).to.contain('version=0.0.4');
  });

  it('speaks OpenMetrics to whoever asks for it', async () => {
    const response = await fetch(`${server.admin.url}/metrics`, {
      headers: { accept: 'application/openmetrics-text' },
    });
    expect(response.headers.get('content-type')).to.contain('application/openmetrics-text');
    expect(await response.text()).to.match(/# EOF\n$/);
  });

  it('holds the metrics that dashboards hold on to', async () => {
    await server.checks.check(modelCall());
    const { body } = await server.admin.get('/metrics');
    const names = [
      'modelgate_checks_total{outcome="deny",reason="access_key_missing"} 1',
      'modelgate_check_duration_seconds_bucket{le="0.000025",outcome="deny"}',
      'modelgate_snapshot_revision 1',
      'modelgate_snapshot_age_seconds',
      'modelgate_snapshot_entries{kind="principal"} 1',
      'modelgate_snapshot_rejected_total 0',
      'modelgate_sync_connected 1',
      'modelgate_sync_lag_seconds_bucket',
      'modelgate_store_operation_duration_seconds_bucket',
      'modelgate_admin_request_duration_seconds_bucket',
      'modelgate_build_info',
      'nodejs_eventloop_lag_seconds',
      'process_cpu_seconds_total',
    ];
    for (const name of names) {
      expect(body).to.contain(name);
    }
  });

  it('B48 keeps denials with request id, model, Key ID, reason and address, and no secret', async () => {
    await server.admin.post('/api/v2/site:apply', site);
    const { access_key } = (await server.admin.get('/api/v2/projects/p/models/fraud')).body;
    const { api_key, key_id } = (await server.admin.post('/api/v2/users/otto/v2_keys', {})).body;
    await server.checks.check(modelCall({ accessKey: access_key, bearer: api_key }));
    const { at, id: _, ...newest } = server.denials.list()[0] ?? { at: 0, id: 0 };
    expect(at).to.be.closeTo(Date.now(), 60_000);
    expect(newest).to.deep.equal({
      requestId: 'request-1',
      reason: 'not_authorized',
      modelId: 'fraud',
      projectId: 'p',
      keyId: key_id,
      callerAddress: '10.1.2.3',
    });
  });
});
