import { expect } from 'chai';
import type { AdminClient } from '../../support/admin-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const two = { 'api-keys-max': '2', 'applications-max': '2', 'teams-max': '2', 'projects-max': '2', 'models-max': '2' };

/** What makes one more of a kind, and the setting that bounds it. */
const kinds: readonly (readonly [setting: string, path: string, body: (n: number) => object])[] = [
  ['--projects-max', '/projects', n => ({ project_id: `p${n}` })],
  ['--api-keys-max', '/users/ada/v2_keys', () => ({})],
  ['--applications-max', '/applications', n => ({ name: `app${n}` })],
  ['--teams-max', '/teams', n => ({ team: `team${n}` })],
  ['--models-max', '/projects/p1/models', n => ({ name: `model${n}` })],
];

describe('T55 S11 what a user may make', () => {
  let server: TestServer;
  let ada: AdminClient;
  before(async () => {
    server = await startServer({ flags: two });
    await server.admin.post('/api/v2/users', { username: 'ada' });
    ada = await server.as('ada');
  });
  after(() => server.close());
  const newUser = async (username: string) => {
    await server.admin.post('/api/v2/users', { username });
    return server.as(username);
  };

  for (const [setting, path, body] of kinds) {
    it(`is bounded by ${setting}, by which a refusal names it`, async () => {
      const make = async (n: number) => ada.post(`/api/v2${path}`, body(n));
      expect([(await make(1)).status, (await make(2)).status]).to.deep.equal([201, 201]);
      const refused = await make(3);
      expect([refused.status, refused.body.code]).to.deep.equal([403, 8]);
      expect(refused.body.message).to.include(`as it may, 2: `).and.to.include(setting);
    });
  }

  it('lets a key be rotated at the bound, up to as many again', async () => {
    const { api_keys } = (await ada.get('/api/v2/users/ada/v2_keys')).body;
    let [{ key_id: key }] = api_keys;
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { status, body } = await ada.post(`/api/v2/users/ada/v2_keys/${key}:rotate`);
      statuses.push(status);
      key = body.key_id;
    }
    expect(statuses).to.deep.equal([201, 201, 403]);
  });

  it('counts for whom made it: giving a project away, or leaving a team, makes room for no other', async () => {
    const [giver, receiver] = [await newUser('giver'), await newUser('receiver')];
    for (const n of [1, 2]) {
      await giver.post('/api/v2/projects', { project_id: `given${n}` });
      await giver.post('/api/v2/teams', { team: `left${n}` });
      const given = await giver.patch(`/api/v2/projects/given${n}`, { owner: { username: 'receiver' } });
      const left = await giver.put(`/api/v2/teams/left${n}/members/giver`, { permission: 'read' });
      expect([given.status, left.status]).to.deep.equal([200, 200]);
    }
    const more = [
      await giver.post('/api/v2/projects', { project_id: 'given3' }),
      await giver.post('/api/v2/teams', { team: 'left3' }),
    ];
    expect(more.map(({ status }) => status)).to.deep.equal([403, 403]);
    expect(more[0]?.body.message).to.include('giver made as many projects, given away or not, as it may, 2: ');
    await receiver.delete('/api/v2/projects/given1');
    expect((await giver.post('/api/v2/projects', { project_id: 'given3' })).status).to.equal(201);
  });

  it('counts for nobody else: who is given projects and places of an admin makes as many of its own', async () => {
    const [maker, victim] = [await newUser('maker'), await newUser('victim')];
    for (const n of [1, 2]) {
      await maker.post('/api/v2/projects', { project_id: `m${n}` });
      await maker.patch(`/api/v2/projects/m${n}`, { owner: { username: 'victim' } });
      await maker.post('/api/v2/teams', { team: `mt${n}` });
      await maker.put(`/api/v2/teams/mt${n}/members/victim`, { permission: 'admin' });
    }
    for (const n of [1, 2]) {
      const made = [
        await victim.post('/api/v2/teams', { team: `vt${n}` }),
        await victim.post('/api/v2/projects', { project_id: `v${n}`, owner: { team: 'mt1' } }),
      ];
      expect(made.map(({ status }) => status)).to.deep.equal([201, 201]);
    }
    expect((await victim.post('/api/v2/projects', { project_id: 'v3' })).status).to.equal(403);
  });

  it('bounds neither a site admin nor an apply', async () => {
    const { admin } = server;
    expect((await admin.post('/api/v2/users/ada/v2_keys')).status).to.equal(201);
    expect((await admin.post('/api/v2/projects/p1/models', { name: 'more' })).status).to.equal(201);
    const projects = [3, 4, 5].map(n => ({ project_id: `p${n}`, owner: { username: 'ada' } }));
    expect((await admin.post('/api/v2/site:apply', { projects })).status).to.equal(200);
  });

  it('frees its place when something is deleted', async () => {
    await ada.delete('/api/v2/applications/app1');
    expect((await ada.post('/api/v2/applications', { name: 'app4' })).status).to.equal(201);
  });
});
