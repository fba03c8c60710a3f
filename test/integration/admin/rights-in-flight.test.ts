import { expect } from 'chai';
import type { AdminClient, ApiAnswer } from '../../support/admin-client.ts';
import { propertyTimeoutMs } from '../../support/check-property.ts';
import { runs } from '../../support/runs.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Requests of the removed that are under way before its removal is sent, and after. */
const each = 8;

/** Rounds at factor 1: `npm test` takes a tenth of them, a hundred come of `MODELGATE_TEST_FACTOR=8.4`. */
const rounds = 12;

/** How mal is let in, what it sends over and over, and how it is removed; paths after `/api/v2`. */
const ways = {
  'a project': {
    path: '/projects/p/collaborators/mal',
    attack: (mal: AdminClient) => mal.put('/api/v2/projects/p/collaborators/mal', { permission: 'admin' }),
  },
  'a team': {
    path: '/teams/t/members/mal',
    attack: (mal: AdminClient) => mal.put('/api/v2/teams/t/members/mal', { permission: 'admin' }),
  },
  'the ownership of a project': {
    path: '/projects/p/collaborators/mal',
    attack: (mal: AdminClient) => mal.patch('/api/v2/projects/p', { owner: { username: 'mal' } }),
  },
  'a model without authentication': {
    path: '/projects/p/collaborators/mal',
    attack: (mal: AdminClient) => mal.post('/api/v2/projects/p/models', { disable_authentication: true }),
  },
  'a place in a project by its team': {
    path: '/teams/t/members/mal',
    attack: (mal: AdminClient) => mal.put('/api/v2/projects/q/collaborators/mal', { permission: 'admin' }),
  },
};

describe('T52 S2 an admin who is removed with many requests under way', () => {
  let server: TestServer;
  let mal: AdminClient;
  before(async () => {
    server = await startServer();
    const users = [{ username: 'own' }, { username: 'mal' }];
    const teams = [{ team: 't', members: [{ username: 'own', permission: 'admin' }] }];
    const ownedByTeam = { project_id: 'q', owner: { team: 't' }, visibility: 'organization' };
    await server.admin.post('/api/v2/site:apply', {
      users,
      teams,
      projects: [{ project_id: 'p', owner: { username: 'own' } }, ownedByTeam],
    });
    mal = await server.as('mal');
  });
  after(() => server.close());

  for (const [what, { path, attack }] of Object.entries(ways)) {
    it(`gets back nothing of ${what}`, async () => {
      for (let round = 0; round < runs(rounds); round += 1) {
        await server.admin.patch('/api/v2/projects/p', { owner: { username: 'own' } });
        await server.admin.delete('/api/v2/projects/q/collaborators/mal');
        expect((await server.admin.put(`/api/v2${path}`, { permission: 'admin' })).status).to.equal(200);
        const early = attacks(attack);
        const removal = server.admin.delete(`/api/v2${path}`);
        const late = attacks(attack);
        const removed = await removal;
        expect(removed.status).to.equal(204);
        await Promise.all([...early, ...late]);
        expect(await changesAfter(removed)).to.deep.equal([]);
      }
    }).timeout(propertyTimeoutMs);
  }

  function attacks(attack: (client: AdminClient) => Promise<ApiAnswer>): Promise<ApiAnswer>[] {
    return Array.from({ length: each }, () => attack(mal));
  }

  /** What mal has changed in later revisions than the one that removed it. */
  async function changesAfter({ headers }: ApiAnswer): Promise<string[]> {
    const revision = Number(headers.get('x-modelgate-revision'));
    const { body } = await server.admin.get('/api/v2/audit_events?actor=mal&page_size=50');
    const late = body.audit_events.filter((event: { revision: number }) => event.revision > revision);
    return late.map((event: { action: string }) => event.action);
  }
});
