import { expect } from 'chai';
import { type RoleSite, startRoles } from '../../support/roles.ts';

const teams = '/api/v2/teams';

describe('admin API: teams', () => {
  let site: RoleSite;
  before(async () => {
    site = await startRoles();
  });
  after(() => site.server.close());

  it('lets any user make a team, whose first admin it is; a site admin is none unless it says so', async () => {
    const { status, body } = await site.outsider.post(teams, { team: 'band' });
    expect([status, body.team]).to.deep.equal([201, 'band']);
    expect((await site.outsider.get(`${teams}/band`)).body.members).to.deep.equal([
      { username: 'outsider', permission: 'admin' },
    ]);
    await site.root.post(teams, { team: 'empty' });
    await site.root.post(teams, { team: 'named', admin: 'viewer' });
    expect((await site.root.get(`${teams}/empty`)).body.members).to.deep.equal([]);
    expect((await site.viewer.get(`${teams}/named`)).body.members[0].username).to.equal('viewer');
  });

  it('T30 refuses a name that is taken, and another first admin but from a site admin', async () => {
    expect((await site.viewer.post(teams, { team: 'band' })).status).to.equal(409);
    expect((await site.viewer.post(teams, { team: 'ours', admin: 'outsider' })).status).to.equal(403);
    expect((await site.root.post(teams, { team: 'ours', admin: 'missing' })).status).to.equal(404);
    expect((await site.root.get(`${teams}/ours`)).status).to.equal(404);
  });

  it('T30 is seen by its members, managed by its admins, and not there for others', async () => {
    const crew = `${teams}/crew`;
    expect(await site.statuses(client => client.get(crew))).to.deep.equal([401, 404, 200, 200, 200, 200]);
    const put = (client: typeof site.root) => client.put(`${crew}/members/stranger`, { permission: 'read' });
    expect(await site.statuses(put)).to.deep.equal([401, 404, 403, 403, 200, 200]);
    const remove = (client: typeof site.root) => client.delete(`${crew}/members/stranger`);
    expect(await site.statuses(remove, () => put(site.root))).to.deep.equal([401, 404, 403, 403, 204, 204]);
    const refused = await site.outsider.get(crew);
    const missing = await site.outsider.get(`${teams}/missing`);
    expect(refused.body.message.replace('crew', 'X')).to.equal(missing.body.message.replace('missing', 'X'));
  });

  it('T30 is deleted by its admins alone', async () => {
    const prepare = () =>
      site.root.post('/api/v2/site:apply', {
        teams: [
          {
            team: 'gone',
            members: [
              { username: 'owner', permission: 'admin' },
              { username: 'viewer', permission: 'read' },
              { username: 'writer', permission: 'write' },
            ],
          },
        ],
      });
    const remove = await site.statuses(client => client.delete(`${teams}/gone`), prepare);
    expect(remove).to.deep.equal([401, 404, 403, 403, 204, 204]);
  });

  it('lists the teams that the caller is in; all of them for a site admin', async () => {
    const names = async (client: typeof site.root, query = '') =>
      (await client.get(`${teams}?${query}`)).body.teams.map((each: { team: string }) => each.team);
    expect(await names(site.writer)).to.deep.equal(['crew']);
    expect(await names(site.outsider)).to.deep.equal(['band']);
    expect(await names(site.root)).to.include.members(['band', 'crew', 'empty']);
    expect(await names(site.root, 'sort=-team&search_filter=m')).to.deep.equal(['named', 'empty']);
  });

  it('lists the teams of somebody for a site admin and for that user, and for nobody else', async () => {
    const { body } = await site.root.get(`${teams}?member=outsider`);
    expect(body.teams.map((each: { team: string }) => each.team)).to.deep.equal(['band']);
    expect((await site.outsider.get(`${teams}?member=outsider`)).status).to.equal(200);
    expect((await site.writer.get(`${teams}?member=outsider`)).status).to.equal(403);
  });

  it('pages and searches its members', async () => {
    const page = (await site.viewer.get(`${teams}/crew?page_size=2`)).body;
    expect(page.members.map(({ username }: { username: string }) => username)).to.deep.equal(['owner', 'viewer']);
    const next = (await site.viewer.get(`${teams}/crew?page_size=2&page_token=${page.next_page_token}`)).body;
    expect(next.members).to.deep.equal([{ username: 'writer', permission: 'write' }]);
    expect((await site.viewer.get(`${teams}/crew?search_filter=WRI`)).body.members).to.have.length(1);
  });

  it('takes users, and no application', async () => {
    expect((await site.owner.put(`${teams}/crew/members/robot`, { permission: 'read' })).status).to.equal(404);
    expect((await site.owner.put(`${teams}/crew/members/missing`, { permission: 'read' })).status).to.equal(404);
    expect((await site.owner.delete(`${teams}/crew/members/stranger`)).status).to.equal(404);
  });

  it('is managed by site admins alone where its last admin is gone', async () => {
    await site.outsider.put(`${teams}/band/members/outsider`, { permission: 'read' });
    const put = (client: typeof site.root) => client.put(`${teams}/band/members/viewer`, { permission: 'read' });
    expect([(await put(site.outsider)).status, (await put(site.root)).status]).to.deep.equal([403, 200]);
  });

  it('B21 owns no private project for its members, but one of the organization with what they hold', async () => {
    await site.owner.post('/api/v2/projects', { project_id: 'crewed', owner: { team: 'crew' } });
    const { body: model } = await site.owner.post('/api/v2/projects/crewed/models', {});
    const key = await site.apiKeyOf('viewer');
    expect(await site.checked(model.access_key, key)).to.equal(200);
    await site.root.patch('/api/v2/projects/crewed', { visibility: 'private' });
    expect(await site.checked(model.access_key, key)).to.equal(403);
    expect((await site.viewer.get('/api/v2/projects/crewed')).status).to.equal(404);
    await site.root.patch('/api/v2/projects/crewed', { visibility: 'organization' });
    await site.owner.delete(`${teams}/crew/members/viewer`);
    expect(await site.checked(model.access_key, key)).to.equal(403);
    await site.owner.put(`${teams}/crew/members/viewer`, { permission: 'read' });
  });

  it('is not deleted while it owns projects; then its places in projects go with it, in one revision', async () => {
    const refused = await site.owner.delete(`${teams}/crew`);
    expect([refused.status, refused.body.message]).to.deep.equal([
      409,
      'team crew owns 1 project: give it another owner, or delete it first',
    ]);
    await site.root.patch('/api/v2/projects/crewed', { owner: { username: 'stranger' }, visibility: 'private' });
    await site.root.put('/api/v2/projects/crewed/team_collaborators/crew', { mode: 'override', permission: 'read' });
    const accessKey = (await site.root.get('/api/v2/projects/crewed/models')).body.models[0].access_key;
    const key = await site.apiKeyOf('viewer');
    expect(await site.checked(accessKey, key)).to.equal(200);
    expect((await site.owner.delete(`${teams}/crew`)).status).to.equal(204);
    expect(await site.checked(accessKey, key)).to.equal(403);
    const { body } = await site.root.get('/api/v2/projects/crewed/collaborators');
    expect(body.team_collaborators).to.deep.equal([]);
  });
});
