import { expect } from 'chai';
import type { AdminClient } from '../../support/admin-client.ts';
import { site, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

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

  it('R16 says of an id as hubs write it where it belongs, and takes it there', async () => {
    for (const hubId of ['meta-llama/Llama-3.1-8B-Instruct', 'llama3:8b']) {
      const refused = await server.admin.post('/api/v2/projects/p/models', { model_id: hubId });
      expect(refused.status).to.equal(400);
      expect(refused.body.details[0].description).to.include('goes into `name`');
      const applied = { projects: [{ project_id: 'p', models: [{ model_id: hubId }] }] };
      expect((await server.admin.post('/api/v2/site:apply', applied)).body.message).to.include('goes into `name`');
      const made = await server.admin.post('/api/v2/projects/p/models', { name: hubId });
      expect(made.body).to.include({ name: hubId });
      await server.admin.delete(`/api/v2/projects/p/models/${made.body.model_id}`);
    }
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
