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

  it('is counted for the owner that a project gets, and not where it stays', async () => {
    await server.admin.post('/api/v2/users', { username: 'ben' });
    const ben = await server.as('ben');
    await ben.post('/api/v2/projects', { project_id: 'of-ben' });
    const give = (client: AdminClient, project: string) =>
      client.patch(`/api/v2/projects/${project}`, { owner: { username: 'ada' } });
    expect([(await give(ben, 'of-ben')).status, (await give(ada, 'p1')).status]).to.deep.equal([403, 200]);
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
