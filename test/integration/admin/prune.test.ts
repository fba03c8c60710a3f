import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import type { ApiAnswer } from '../../support/admin-client.ts';
import { type RoleSite, startRoles } from '../../support/roles.ts';

const line = ({ action, kind, id }: { action: string; kind: string; id: string }) => `${action} ${kind} ${id}`;
const stepsOf = ({ body }: ApiAnswer) => body.steps.map(line);

/** In which a project, its models and an application pass from users and a team that are pruned to new ones. */
const otherSite = {
  users: ['root', 'owner', 'viewer', 'new'].map(username => ({ username })),
  applications: [{ name: 'robot', owner: 'new' }],
  teams: [{ team: 'band', members: [{ username: 'new', permission: 'read' }] }],
  projects: [{ project_id: 'p', owner: { team: 'band' }, models: [{ model_id: 'next' }] }],
};

describe('admin API: pruning the site to a document', () => {
  let site: RoleSite;
  const apply = (document: unknown, query = '?prune=true') => site.root.post(`/api/v2/site:apply${query}`, document);
  /** The site as it is, with members of it changed. */
  const exported = async (change: Record<string, unknown> = {}) => ({
    ...(await site.root.get('/api/v2/site')).body,
    ...change,
  });
  beforeEach(async () => {
    site = await startRoles();
  });
  afterEach(() => site.server.close());

  it('changes nothing by the document that was just exported, which names no API keys', async () => {
    await site.apiKeyOf('viewer');
    const document = await exported();
    expect(document).to.not.have.property('api_keys');
    expect(stepsOf(await apply(document))).to.deep.equal([]);
    expect((await site.viewer.get('/api/v2/users/viewer/v2_keys')).body.api_keys).to.have.length(1);
  });

  it('deletes nothing by a section that is absent, and all by one that is empty', async () => {
    expect(stepsOf(await apply({}))).to.deep.equal([]);
    expect(stepsOf(await apply({ settings: {}, api_keys: [] }))).to.deep.equal([]);
    expect(stepsOf(await apply({ projects: [] }))).to.deep.equal([
      'delete model fraud',
      'delete model others',
      'delete collaborator p/viewer',
      'delete collaborator p/writer',
      'delete project other',
      'delete project p',
    ]);
    expect(stepsOf(await apply({ teams: [], applications: [] }))).to.deep.equal([
      'delete team_member crew/owner',
      'delete team_member crew/viewer',
      'delete team_member crew/writer',
      'delete team crew',
      'delete application robot',
    ]);
  });

  it('deletes nothing without being asked to', async () => {
    expect(stepsOf(await apply({ users: [], projects: [], teams: [] }, ''))).to.deep.equal([]);
    expect(stepsOf(await apply({ projects: [{ project_id: 'p', models: [], collaborators: [] }] }, ''))).to.deep.equal(
      [],
    );
  });

  it('prunes the lists of what it names only where they are given', async () => {
    const projects = (p: object) => ({ projects: [{ project_id: 'p', ...p }, { project_id: 'other' }] });
    expect(stepsOf(await apply(projects({})))).to.deep.equal([]);
    const viewer = { username: 'viewer', permission: 'read' };
    expect(stepsOf(await apply(projects({ collaborators: [viewer] })))).to.deep.equal(['delete collaborator p/writer']);
    expect(stepsOf(await apply(projects({ models: [] })))).to.deep.equal(['delete model fraud']);
    const members = [{ username: 'owner', permission: 'admin' }];
    expect(stepsOf(await apply({ teams: [{ team: 'crew', members }] }))).to.deep.equal([
      'delete team_member crew/viewer',
      'delete team_member crew/writer',
    ]);
  });

  it('B11 B38 takes effect with the answer: access keys and API keys of what is pruned open nothing', async () => {
    const [accessKey, key] = [await site.accessKeyOf('p', 'fraud'), await site.apiKeyOf('viewer')];
    expect(await site.checked(accessKey, key)).to.equal(200);
    const { users } = await exported();
    const without = users.filter(({ username }: { username: string }) => username !== 'viewer');
    const steps = stepsOf(await apply({ users: without }));
    expect(steps.map((step: string) => step.replace(/api_key .*/, 'api_key'))).to.deep.equal([
      'delete collaborator p/viewer',
      'delete team_member crew/viewer',
      'delete api_key',
      'delete user viewer',
    ]);
    expect(await site.checked(accessKey, key)).to.equal(401);
    await apply({ projects: [{ project_id: 'p', models: [] }, { project_id: 'other' }] });
    expect(await site.checked(accessKey, key)).to.equal(404);
  });

  it('shows in a dry run the very steps that it then takes, and changes nothing by it', async () => {
    await site.apiKeyOf('stranger');
    const before = await exported();
    const planned = await apply(otherSite, '?prune=true&dry_run=true');
    expect(await exported()).to.deep.equal(before);
    const taken = await apply(otherSite);
    expect(taken.body.steps).to.deep.equal(planned.body.steps);
    expect([planned.body.dry_run, taken.body.dry_run]).to.deep.equal([true, false]);
    expect(stepsOf(await apply(otherSite))).to.deep.equal([]);
  });

  it('makes a thing after what it depends on, and deletes it before', async () => {
    const steps = stepsOf(await apply(otherSite));
    const kinds = steps.map((step: string) => step.split(' ').slice(0, 2).join(' '));
    expect(kinds.filter((kind: string, at: number) => kind !== kinds[at - 1])).to.deep.equal([
      'delete model',
      'create user',
      'update application',
      'create team',
      'create team_member',
      'update project',
      'create model',
      'delete collaborator',
      'delete project',
      'delete team_member',
      'delete team',
      'delete user',
    ]);
  });

  it('is one revision, each deletion audited in it', async () => {
    const { headers, body } = await apply({ projects: [] });
    const revision = headers.get('x-modelgate-revision');
    const audited = await site.root.get(`/api/v2/audit_events?revision=${revision}`);
    expect(audited.body.audit_events).to.have.length(body.steps.length);
  });

  it('T30 never deletes who applies it, nor the last site admin, nor what others rely on', async () => {
    const before = await exported();
    const refusedBy = async (document: unknown) => {
      const { status, body } = await apply(document);
      return `${status} ${body.message}`;
    };
    expect(await refusedBy({ users: [{ username: 'owner' }] })).to.match(/^409 .*not you \(root\).*name yourself/);
    expect(await refusedBy({ users: [{ username: 'root', site_admin: false }] })).to.match(/^409 .*still owns/);
    expect(await refusedBy({ users: [{ username: 'root' }] })).to.match(/^409 \w+ still owns (project|application)/);
    expect(await exported()).to.deep.equal(before);
    const emptied = { users: [{ username: 'root', site_admin: false }], applications: [], teams: [], projects: [] };
    expect(await refusedBy(emptied)).to.match(/^409 .*without an active site admin/);
    await site.owner.patch('/api/v2/projects/p', { owner: { team: 'crew' } });
    expect(await refusedBy({ teams: [] })).to.match(/^409 team crew owns 1 project/);
  });

  it('refuses a document that refers to what it prunes, and names each place', async () => {
    const users = ['root', 'owner', 'stranger'].map(username => ({ username }));
    const { status, body } = await apply(await exported({ users }));
    expect([status, body.details.map(({ field }: { field: string }) => field)]).to.deep.equal([
      400,
      [
        'teams.0.members.1.username',
        'teams.0.members.2.username',
        'projects.1.collaborators.0.username',
        'projects.1.collaborators.1.username',
      ],
    ]);
    expect(body.details[0].description).to.equal('user viewer is not in the document, which prunes it: name it there');
  });

  it('lets an access key go from a model that is pruned to a new one', async () => {
    const access_key = await site.accessKeyOf('p', 'fraud');
    const models = [{ model_id: 'fraud-v2', access_key, auth_enabled: true }];
    const { status } = await apply({ projects: [{ project_id: 'p', models }, { project_id: 'other' }] });
    expect(status).to.equal(200);
    expect(await site.checked(access_key, await site.apiKeyOf('viewer'))).to.equal(200);
  });

  it('B44 takes a document with a key that is narrowed to a deleted model, if it was before', async () => {
    const key = { key_id: 'old', username: 'viewer', digest: digestOf('old'), models: ['fraud'] };
    await apply({ api_keys: [key] }, '');
    await site.root.delete('/api/v2/projects/p/models/fraud');
    expect(stepsOf(await apply({ api_keys: [key] }, ''))).to.deep.equal([]);
    const other = { ...key, key_id: 'new', digest: digestOf('new') };
    expect((await apply({ api_keys: [other] }, '')).body.details[0].field).to.equal('api_keys.0.models.0');
  });
});

describe('admin API: documents that refer to what is not there', () => {
  let site: RoleSite;
  before(async () => {
    site = await startRoles();
  });
  after(() => site.server.close());

  it('are refused with each place, and change nothing', async () => {
    const { status, body } = await site.root.post('/api/v2/site:apply', {
      users: [{ username: 'carl' }],
      applications: [{ name: 'app', owner: 'none' }],
      teams: [{ team: 'crew', members: [{ username: 'robot', permission: 'read' }] }],
      projects: [
        { project_id: 'p', owner: { team: 'none' }, collaborators: [{ username: 'none', permission: 'read' }] },
        { project_id: 'q', team_collaborators: [{ team: 'none', mode: 'inherit' }] },
        { project_id: 'other', owner: { username: 'none' }, models: [{ model_id: 'fraud' }] },
      ],
      api_keys: [{ key_id: 'k', username: 'none', digest: 'a'.repeat(64), models: ['fraud', 'none'] }],
    });
    expect([status, body.details.map(({ field }: { field: string }) => field)]).to.deep.equal([
      400,
      [
        'applications.0.owner',
        'teams.0.members.0.username',
        'projects.0.owner.team',
        'projects.0.collaborators.0.username',
        'projects.1.owner',
        'projects.1.team_collaborators.0.team',
        'projects.2.owner.username',
        'projects.2.models.0.model_id',
        'api_keys.0.username',
        'api_keys.0.models.1',
      ],
    ]);
    expect((await site.root.get('/api/v2/users/carl')).status).to.equal(404);
  });

  it('may refer to what they bring themselves', async () => {
    const { status } = await site.root.post('/api/v2/site:apply', {
      api_keys: [{ key_id: 'k', username: 'app', digest: 'b'.repeat(64), models: ['m'] }],
      projects: [{ project_id: 'q', owner: { team: 'band' }, models: [{ model_id: 'm' }] }],
      teams: [{ team: 'band', members: [{ username: 'carl', permission: 'read' }] }],
      applications: [{ name: 'app', owner: 'carl' }],
      users: [{ username: 'carl' }],
    });
    expect(status).to.equal(200);
  });
});
