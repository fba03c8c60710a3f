import { expect } from 'chai';
import { type AdminClient, adminClient } from '../support/admin-client.ts';
import { runSeed, seeded } from '../support/seeded.ts';
import { startServer, type TestServer } from '../support/server.ts';

const races = 1000;
const names = ['root', 'ada', 'ben'] as const;
type Name = (typeof names)[number];

/** Every way in which one site admin can stop another from being one. */
const ways: readonly ((api: AdminClient, other: Name, self: Name) => Promise<unknown>)[] = [
  (api, other) => api.patch(`/api/v2/users/${other}`, { site_admin: false }),
  (api, other) => api.patch(`/api/v2/users/${other}`, { deactivated: true }),
  (api, other) => api.delete(`/api/v2/users/${other}`),
  (api, other) => api.post('/api/v2/site:apply', { users: [{ username: other, site_admin: false }] }),
  (api, _other, self) => api.post('/api/v2/site:apply?prune=true', { users: [{ username: self }] }),
];

describe('T30 the last site admin', function () {
  this.timeout(600_000);
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it(`is left in each of ${races} races in which site admins take one another's rights at once`, async () => {
    const seed = runSeed();
    const random = seeded(seed);
    const clients = new Map<Name, AdminClient>([['root', server.admin]]);
    let survivor: Name = 'root';
    const endings = new Map<number, number>();
    for (let race = 0; race < races; race += 1) {
      const api = clients.get(survivor) as AdminClient;
      for (const name of names) {
        if (name !== survivor) clients.set(name, await madeAdmin(api, name));
      }
      // Each against the next, in a ring: if all of it went through, nobody would be left.
      await Promise.all(
        names.map((name, at) => {
          const way = ways[Math.floor(random() * ways.length)] as (typeof ways)[number];
          return way(clients.get(name) as AdminClient, names[(at + 1) % names.length] as Name, name);
        }),
      );
      const left = await stillAdmins(clients);
      expect(left.length, `race ${race}, seed ${seed}`).to.be.at.least(1);
      endings.set(left.length, (endings.get(left.length) ?? 0) + 1);
      survivor = left[Math.floor(random() * left.length)] as Name;
    }
    expect(endings.get(1), 'races that came down to one').to.be.greaterThan(races / 10);
  });

  /** Makes the name an active site admin again, whatever became of it, with a key that works. */
  async function madeAdmin(api: AdminClient, username: Name): Promise<AdminClient> {
    // The key comes first: nobody rotates it for another site admin.
    await api.post('/api/v2/site:apply', { users: [{ username, site_admin: false, deactivated: false }] });
    const { status, body } = await api.post(`/api/v2/users/${username}/v1_key:rotate`);
    expect(status).to.equal(200);
    await api.patch(`/api/v2/users/${username}`, { site_admin: true });
    return adminClient(server.admin.url, body.legacy_key);
  }

  /** Who can do what only a site admin may. */
  async function stillAdmins(clients: ReadonlyMap<Name, AdminClient>): Promise<Name[]> {
    const asked = await Promise.all(
      [...clients].map(async ([name, api]) => ((await api.get('/api/v2/settings')).status === 200 ? [name] : [])),
    );
    return asked.flat();
  }
});
