import { expect } from 'chai';
import { type RoleSite, startRoles } from '../../support/roles.ts';
import { walkPages } from '../../support/walk-pages.ts';

const p = '/api/v2/projects/p';

describe('admin API: collaborators', () => {
  let site: RoleSite;
  let accessKey: string;
  before(async () => {
    site = await startRoles();
    accessKey = await site.accessKeyOf('p', 'fraud');
  });
  after(() => site.server.close());

  it('T30 are shown to and changed by admins of the project alone', async () => {
    const rule = [401, 404, 403, 403, 200, 200];
    const get = await site.statuses(client => client.get(`${p}/collaborators`));
    const put = await site.statuses(client => client.put(`${p}/collaborators/stranger`, { permission: 'read' }));
    const team = await site.statuses(client => client.put(`${p}/team_collaborators/crew`, { mode: 'inherit' }));
    expect([get, put, team]).to.deep.equal([rule, rule, rule]);
    const others = await site.statuses(client =>
      client.put('/api/v2/projects/other/collaborators/outsider', { permission: 'admin' }),
    );
    expect(others).to.deep.equal([401, 404, 404, 404, 404, 200]);
  });

  it('T30 are removed by admins of the project alone', async () => {
    const rule = [401, 404, 403, 403, 204, 204];
    const person = await site.statuses(
      client => client.delete(`${p}/collaborators/stranger`),
      () => site.root.put(`${p}/collaborators/stranger`, { permission: 'read' }),
    );
    const team = await site.statuses(
      client => client.delete(`${p}/team_collaborators/crew`),
      () => site.root.put(`${p}/team_collaborators/crew`, { mode: 'inherit' }),
    );
    expect([person, team]).to.deep.equal([rule, rule]);
  });

  it('are users and applications with their kind, and teams with their mode, page by page', async () => {
    expect((await site.owner.put(`${p}/collaborators/robot`, { permission: 'read' })).body).to.deep.equal({
      username: 'robot',
      kind: 'application',
      permission: 'read',
    });
    await site.owner.put(`${p}/team_collaborators/crew`, { mode: 'override', permission: 'operator' });
    const { body } = await site.owner.get(`${p}/collaborators`);
    expect(body).to.deep.equal({
      collaborators: [
        { username: 'robot', kind: 'application', permission: 'read' },
        { username: 'viewer', kind: 'user', permission: 'read' },
        { username: 'writer', kind: 'user', permission: 'write' },
      ],
      team_collaborators: [{ team: 'crew', mode: 'override', permission: 'operator' }],
      next_page_token: '',
    });
    const walked = await walkPages(site.owner, `${p}/collaborators`, 2, 'collaborators', 'team_collaborators');
    expect(walked).to.deep.equal([...body.collaborators, ...body.team_collaborators]);
    await site.owner.delete(`${p}/team_collaborators/crew`);
    await site.owner.delete(`${p}/collaborators/robot`);
  });

  it('are sorted by name or by permission, in both directions and page by page, people before teams', async () => {
    await site.owner.put(`${p}/collaborators/robot`, { permission: 'admin' });
    await site.owner.put(`${p}/team_collaborators/crew`, { mode: 'inherit' });
    const sorted = async (sort: string) =>
      (await walkPages(site.owner, `${p}/collaborators?sort=${sort}`, 1, 'collaborators', 'team_collaborators')).map(
        each => (each as { username?: string }).username ?? 'crew',
      );
    expect(await sorted('name')).to.deep.equal(['robot', 'viewer', 'writer', 'crew']);
    expect(await sorted('-name')).to.deep.equal(['writer', 'viewer', 'robot', 'crew']);
    expect(await sorted('permission')).to.deep.equal(['viewer', 'writer', 'robot', 'crew']);
    expect(await sorted('-permission')).to.deep.equal(['robot', 'writer', 'viewer', 'crew']);
    expect(await sorted('-permission&search_filter=w')).to.deep.equal(['writer', 'viewer', 'crew']);
    await site.owner.delete(`${p}/team_collaborators/crew`);
    await site.owner.delete(`${p}/collaborators/robot`);
  });

  it('are the same when they are put twice, and change nothing then', async () => {
    const put = () => site.owner.put(`${p}/collaborators/stranger`, { permission: 'operator' });
    const [first, second] = [await put(), await put()];
    expect(second.body).to.deep.equal(first.body);
    expect(second.headers.get('x-modelgate-revision')).to.equal(first.headers.get('x-modelgate-revision'));
    await site.owner.delete(`${p}/collaborators/stranger`);
    expect((await site.owner.delete(`${p}/collaborators/stranger`)).status).to.equal(404);
  });

  it('C10 C11 B18 B19 B38 count for the very next call: added, a viewer calls the model; removed, it does not', async () => {
    const key = await site.apiKeyOf('stranger');
    expect(await site.checked(accessKey, key)).to.equal(403);
    await site.owner.put(`${p}/collaborators/stranger`, { permission: 'read' });
    expect(await site.checked(accessKey, key)).to.equal(200);
    await site.owner.put(`${p}/collaborators/stranger`, { permission: 'business_user' });
    expect(await site.checked(accessKey, key)).to.equal(403);
    await site.owner.put(`${p}/collaborators/stranger`, { permission: 'read' });
    await site.owner.delete(`${p}/collaborators/stranger`);
    expect(await site.checked(accessKey, key)).to.equal(403);
  });

  it('B20 B21 let a business user call a public project, and everybody else with a key', async () => {
    await site.owner.put(`${p}/collaborators/stranger`, { permission: 'business_user' });
    const keys = [await site.apiKeyOf('stranger'), await site.apiKeyOf('outsider')];
    await site.owner.patch(p, { visibility: 'public' });
    expect(await Promise.all(keys.map(key => site.checked(accessKey, key)))).to.deep.equal([200, 200]);
    await site.owner.patch(p, { visibility: 'private' });
    expect(await Promise.all(keys.map(key => site.checked(accessKey, key)))).to.deep.equal([403, 403]);
    await site.owner.delete(`${p}/collaborators/stranger`);
  });

  it('B19 raise members of a team to what they hold in it, or all to one permission', async () => {
    await site.root.put('/api/v2/teams/crew/members/stranger', { permission: 'business_user' });
    const key = await site.apiKeyOf('stranger');
    await site.owner.put(`${p}/team_collaborators/crew`, { mode: 'inherit' });
    expect(await site.checked(accessKey, key)).to.equal(403);
    await site.owner.put(`${p}/team_collaborators/crew`, { mode: 'override', permission: 'read' });
    expect(await site.checked(accessKey, key)).to.equal(200);
    await site.owner.delete(`${p}/team_collaborators/crew`);
    expect(await site.checked(accessKey, key)).to.equal(403);
    await site.root.delete('/api/v2/teams/crew/members/stranger');
  });

  it('may take their own admin away and the owner stays one', async () => {
    await site.owner.put(`${p}/collaborators/writer`, { permission: 'admin' });
    expect((await site.writer.put(`${p}/collaborators/writer`, { permission: 'write' })).status).to.equal(200);
    expect((await site.writer.get(`${p}/collaborators`)).status).to.equal(403);
    expect((await site.owner.get(`${p}/collaborators`)).status).to.equal(200);
  });

  it('must be there, with a permission that there is', async () => {
    expect((await site.owner.put(`${p}/collaborators/missing`, { permission: 'read' })).status).to.equal(404);
    expect((await site.owner.put(`${p}/team_collaborators/missing`, { mode: 'inherit' })).status).to.equal(404);
    expect((await site.owner.put(`${p}/collaborators/viewer`, { permission: 'owner' })).status).to.equal(400);
    expect((await site.owner.put(`${p}/collaborators/viewer`, {})).status).to.equal(400);
    const bare = await site.owner.put(`${p}/team_collaborators/crew`, { mode: 'override' });
    expect([bare.status, bare.body.details[0].field]).to.deep.equal([400, 'permission']);
  });
});
