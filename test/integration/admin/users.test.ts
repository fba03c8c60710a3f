import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { type Asked, ask, site, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

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

  it('deletes a user with everything that it has: its keys are as unknown ones, and a later user inherits nothing', async () => {
    const path = '/api/v2/users/dan';
    await server.admin.post('/api/v2/users', { username: 'dan' });
    await server.admin.post('/api/v2/site:apply', {
      projects: [{ project_id: 'p', collaborators: [{ username: 'dan', permission: 'read' }] }],
    });
    const dan = await server.as('dan');
    const { api_key } = (await dan.post(`${path}/v2_keys`)).body;
    expect(await statusOf(server, accessKey, api_key)).to.equal(200);
    expect((await server.admin.delete(path)).status).to.equal(204);
    expect([await statusOf(server, accessKey, api_key), (await dan.get(path)).status]).to.deep.equal([401, 401]);
    await server.admin.post('/api/v2/users', { username: 'dan' });
    expect((await server.admin.get(path)).body).to.include({ api_key_count: 0, last_used_at: null });
    const later = (await server.admin.post(`${path}/v2_keys`)).body;
    expect([await statusOf(server, accessKey, later.api_key), (await dan.get(path)).status]).to.deep.equal([403, 401]);
  });

  it('keeps a user that owns something, and says what', async () => {
    const { status, body } = await server.admin.delete('/api/v2/users/ada');
    expect([status, body.code]).to.deep.equal([409, 9]);
    expect(body.message).to.equal('ada still owns project p: give them another owner, or delete them, first');
    expect((await server.admin.delete('/api/v2/users/nobody')).status).to.equal(404);
  });

  it('T30 never deletes the last active site admin', async () => {
    expect((await server.admin.delete('/api/v2/users/root')).status).to.equal(409);
    expect((await server.admin.get('/api/v2/users/root')).status).to.equal(200);
  });

  it('T30 opens to an outsider and to nobody only what is theirs', async () => {
    const otto = await server.as('otto');
    const nobody = adminClient(server.admin.url, '');
    const asked: [Asked[0], string, unknown, number][] = [
      ['GET', '/users', undefined, 403],
      ['POST', '/users', { username: 'new' }, 403],
      ['GET', '/users/otto', undefined, 200],
      ['DELETE', '/users/otto', undefined, 403],
      ['DELETE', '/users/ada', undefined, 403],
      ['GET', '/users/ada', undefined, 403],
      ['PATCH', '/users/otto', { site_admin: true }, 403],
      ['GET', '/users/ada/v2_keys', undefined, 403],
      ['POST', '/users/ada/v2_keys', {}, 403],
      ['DELETE', '/users/ada/v2_keys', undefined, 403],
      ['DELETE', '/users/ada/v2_keys/some-key', undefined, 403],
      ['POST', '/users/ada/v1_key:rotate', undefined, 403],
      ['GET', '/projects/p/models', undefined, 404],
      ['GET', '/projects/p/models/fraud', undefined, 404],
      ['PATCH', '/projects/p/models/fraud', { auth_enabled: false }, 404],
      ['POST', '/projects/p/models/fraud:regenerate_access_key', undefined, 404],
      ['POST', '/models:enable_authentication', { project_id: 'p' }, 404],
      ['GET', '/settings', undefined, 403],
      ['PATCH', '/settings', {}, 403],
      ['GET', '/audit_events', undefined, 403],
      ['GET', '/audit_events?project_id=p', undefined, 404],
      ['GET', '/site', undefined, 403],
      ['POST', '/site:apply', {}, 403],
    ];
    for (const [method, path, body, want] of asked) {
      expect(await ask(otto, [method, path, body]), `outsider: ${method} ${path}`).to.equal(want);
      expect(await ask(nobody, [method, path, body]), `nobody: ${method} ${path}`).to.equal(401);
    }
  });
});
