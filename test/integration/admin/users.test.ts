import { expect } from 'chai';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { site, statusOf } from '../../support/admin-site.ts';
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
