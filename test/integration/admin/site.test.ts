import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

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

  it('refuses a request that holds no document', async () => {
    const { status, body } = await apply(undefined, '?dry_run=true&prune=true');
    expect([status, body.code]).to.deep.equal([400, 3]);
  });

  it('applies all of a document or nothing of it', async () => {
    const broken = { users: [{ username: 'zoe' }], projects: [{ project_id: 'q', owner: { username: 'missing' } }] };
    const { status, body } = await apply(broken);
    expect([status, body.message]).to.deep.equal([400, 'projects.0.owner.username: there is no user missing']);
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

  it('T30 plans each changed field with its old and new value, and marks what opens something', async () => {
    const [project] = (await server.admin.get('/api/v2/site')).body.projects;
    const [model] = project.models;
    const renamed = { ...project, name: 'Renamed', models: [{ ...model, name: 'Renamed' }] };
    const opened = { ...project, visibility: 'public', models: [{ ...model, auth_enabled: false }] };
    const [projectStep, modelStep] = [
      { action: 'update', kind: 'project', id: project.project_id },
      { action: 'update', kind: 'model', id: model.model_id },
    ];
    const plan = async (wanted: object) =>
      (await server.admin.post('/api/v2/site:apply?dry_run=true', { projects: [wanted] })).body.steps;
    expect(await plan(renamed)).to.deep.equal([
      { ...projectStep, fields: [{ field: 'name', old: project.name, new: 'Renamed' }] },
      { ...modelStep, fields: [{ field: 'name', old: model.name, new: 'Renamed' }] },
    ]);
    expect(await plan(opened)).to.deep.equal([
      {
        ...projectStep,
        fields: [{ field: 'visibility', old: project.visibility, new: 'public' }],
        opens: ['visibility is public'],
      },
      { ...modelStep, fields: [{ field: 'auth_enabled', old: true, new: false }], opens: ['authentication is off'] },
    ]);
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
});
