import { expect } from 'chai';
import { type RoleSite, startRoles } from '../../support/roles.ts';
import { walkPages } from '../../support/walk-pages.ts';

const projects = '/api/v2/projects';
/** Behind every id that is made, which has twelve characters. */
const lastName = 'z'.repeat(13);

describe('admin API: projects', () => {
  let site: RoleSite;
  before(async () => {
    site = await startRoles();
  });
  after(() => site.server.close());

  it('lets any user make a project, which is its own and private, with an id that is made or given', async () => {
    const { status, body } = await site.outsider.post(projects, { name: 'My models' });
    expect(status).to.equal(201);
    expect(body).to.deep.include({ name: 'My models', owner: { username: 'outsider' }, visibility: 'private' });
    expect(body.project_id).to.match(/^[0-9a-z]{12}$/);
    expect((await site.outsider.get(`${projects}/${body.project_id}`)).body).to.deep.equal(body);
    expect((await site.outsider.post(projects, { project_id: 'mine' })).body).to.include({ name: 'mine' });
    expect((await site.viewer.post(projects, { project_id: 'mine' })).status).to.equal(409);
  });

  it('T30 makes a project for somebody else only for a site admin, and for a team only for its admin', async () => {
    const make = (owner: object) => site.statuses(client => client.post(projects, { owner }));
    expect(await make({ username: 'stranger' })).to.deep.equal([401, 403, 403, 403, 403, 201]);
    expect(await make({ team: 'crew' })).to.deep.equal([401, 403, 403, 403, 201, 201]);
    expect(await make({ username: 'missing' })).to.deep.equal([401, 403, 403, 403, 403, 400]);
    expect(await make({ team: 'missing' })).to.deep.equal([401, 403, 403, 403, 403, 400]);
  });

  it("B21 gives a team's project the visibility that lets the team in, and refuses one that nobody could open", async () => {
    const { body } = await site.owner.post(projects, { project_id: 'of-crew', owner: { team: 'crew' } });
    expect(body).to.deep.include({ owner: { team: 'crew' }, visibility: 'organization' });
    const held = [];
    for (const client of [site.outsider, site.viewer, site.writer, site.owner]) {
      const get = await client.get(`${projects}/of-crew`);
      held.push([get.status, (await client.patch(`${projects}/of-crew`, {})).status]);
    }
    expect(held).to.deep.equal([
      [404, 404],
      [200, 403],
      [200, 403],
      [200, 200],
    ]);
    const closed = await site.owner.post(projects, { owner: { team: 'crew' }, visibility: 'private' });
    expect([closed.status, closed.body.details[0].field]).to.deep.equal([400, 'visibility']);
  });

  it('T30 opens a project by the permission held on it, and is silent about others', async () => {
    const p = `${projects}/p`;
    expect(await site.statuses(client => client.get(p))).to.deep.equal([401, 404, 200, 200, 200, 200]);
    expect(await site.statuses(client => client.get(`${projects}/other`))).to.deep.equal([
      401, 404, 404, 404, 404, 200,
    ]);
    const rename = { name: 'P' };
    expect(await site.statuses(client => client.patch(p, rename))).to.deep.equal([401, 404, 403, 403, 200, 200]);
    const asked = (await site.outsider.get(`${projects}/other`)).body.message;
    expect(asked.replace('other', 'X')).to.equal(
      (await site.outsider.get(`${projects}/none`)).body.message.replace('none', 'X'),
    );
  });

  it('lists what the caller may read, by page, order, text, visibility and owner', async () => {
    const ids = async (client = site.viewer, query = '') =>
      (await client.get(`${projects}?${query}`)).body.projects.map((each: { project_id: string }) => each.project_id);
    await site.root.post(projects, { project_id: 'open', name: lastName, visibility: 'public' });
    expect(await ids())
      .to.include.members(['open', 'p'])
      .and.not.include('other');
    expect(await ids(site.root)).to.include.members(['open', 'other', 'p']);
    expect(await ids(site.outsider, 'visibility=public')).to.deep.equal(['open']);
    expect(await ids(site.root, 'owner=stranger'))
      .to.include('other')
      .and.not.include('p');
    expect(await ids(site.viewer, 'owner_team=crew'))
      .to.include('of-crew')
      .and.not.include('p');
    expect(await ids(site.viewer, 'search_filter=ZZZZZZZZ')).to.deep.equal(['open']);
    expect((await ids(site.viewer, 'sort=-name'))[0]).to.equal('open');
    const { body } = await site.viewer.get(projects);
    expect(await walkPages(site.viewer, projects, 1, 'projects')).to.deep.equal(body.projects);
  });

  it('T30 lists where somebody was added, with what they hold, to themselves and to a site admin', async () => {
    const asked = `${projects}?collaborator=viewer`;
    expect(await site.statuses(client => client.get(asked))).to.deep.equal([401, 403, 200, 403, 403, 200]);
    await site.root.post('/api/v2/site:apply', {
      users: [{ username: 'added' }],
      teams: [{ team: 'added-team', members: [{ username: 'added', permission: 'write' }] }],
      projects: [
        { project_id: 'a', owner: { username: 'owner' }, collaborators: [{ username: 'added', permission: 'read' }] },
        {
          project_id: 'b',
          owner: { username: 'owner' },
          team_collaborators: [{ team: 'added-team', mode: 'inherit' }],
        },
        { project_id: 'c', owner: { team: 'added-team' }, visibility: 'organization' },
        { project_id: 'd', owner: { username: 'added' } },
      ],
    });
    const added = `${projects}?collaborator=added`;
    const held = (await site.root.get(added)).body.projects.map(
      (each: { project_id: string; collaborator_permission: string }) => [
        each.project_id,
        each.collaborator_permission,
      ],
    );
    expect(held).to.deep.equal([
      ['a', 'read'],
      ['b', 'write'],
      ['c', 'write'],
    ]);
    expect(await walkPages(site.root, added, 1, 'projects')).to.have.length(3);
    expect((await site.root.get(projects)).body.projects[0]).to.not.have.property('collaborator_permission');
  });

  it('B21 hands a project over; who made it keeps no right by that', async () => {
    await site.owner.post(projects, { project_id: 'given' });
    const given = `${projects}/given`;
    expect((await site.owner.patch(given, { owner: { username: 'missing' } })).body.details[0].field).to.equal(
      'owner.username',
    );
    const { body } = await site.owner.patch(given, { owner: { username: 'outsider' } });
    expect(body.owner).to.deep.equal({ username: 'outsider' });
    expect((await site.owner.get(given)).status).to.equal(404);
    expect((await site.outsider.patch(given, { owner: { team: 'crew' } })).status).to.equal(403);
    expect((await site.outsider.patch(given, { visibility: 'public' })).body.visibility).to.equal('public');
  });

  it('T30 deletes a project for its admins, and says what is in the way of it', async () => {
    const gone = `${projects}/gone`;
    const prepare = () =>
      site.root.post('/api/v2/site:apply', {
        projects: [
          {
            project_id: 'gone',
            owner: { username: 'owner' },
            collaborators: [
              { username: 'viewer', permission: 'read' },
              { username: 'writer', permission: 'write' },
            ],
          },
        ],
      });
    expect(await site.statuses(client => client.delete(gone), prepare)).to.deep.equal([401, 404, 403, 403, 204, 204]);
    await prepare();
    await site.owner.post(`${gone}/models`, {});
    const { status, body } = await site.owner.delete(gone);
    expect([status, body.message]).to.deep.equal([
      409,
      'project gone has 1 model: delete it first, or ask for all at once with cascade=true (--with-models)',
    ]);
    expect((await site.owner.get(gone)).status).to.equal(200);
  });

  it('B11 B38 deletes a project with all that is in it in one revision: its access keys are unknown at once', async () => {
    const doomed = `${projects}/doomed`;
    await site.owner.post(projects, { project_id: 'doomed', visibility: 'public' });
    await site.owner.put(`${doomed}/collaborators/robot`, { permission: 'read' });
    await site.owner.put(`${doomed}/team_collaborators/crew`, { mode: 'inherit' });
    const { body: model } = await site.owner.post(`${doomed}/models`, {});
    const key = await site.apiKeyOf('viewer');
    expect(await site.checked(model.access_key, key)).to.equal(200);
    const { status, headers } = await site.owner.delete(`${doomed}?cascade=true`);
    expect(status).to.equal(204);
    expect(await site.checked(model.access_key, key)).to.equal(404);
    const revision = headers.get('x-modelgate-revision');
    const { body } = await site.root.get(`/api/v2/audit_events?project_id=doomed&revision=${revision}`);
    expect(body.audit_events.map(({ action }: { action: string }) => action)).to.deep.equal([
      'project.delete',
      'collaborator.delete',
      'team_collaborator.delete',
      'model.delete',
    ]);
  });

  it("gives a deleted project's id to nobody but a site admin, since the audit goes by it", async () => {
    await site.owner.post(projects, { project_id: 'once' });
    await site.owner.delete(`${projects}/once`);
    const again = await site.outsider.post(projects, { project_id: 'once' });
    expect([again.status, again.body.details[0].field]).to.deep.equal([409, 'project_id']);
    expect((await site.root.post(projects, { project_id: 'once' })).status).to.equal(201);
  });

  it('T30 refuses fields that are not for the caller to set', async () => {
    for (const body of [{ created_at: '2020-01-01T00:00:00Z' }, { owner: { username: 'x', team: 'y' } }, { name: 1 }]) {
      expect((await site.owner.post(projects, body)).status, JSON.stringify(body)).to.equal(400);
      expect((await site.owner.patch(`${projects}/p`, body)).status, JSON.stringify(body)).to.equal(400);
    }
  });
});
