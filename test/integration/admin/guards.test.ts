import { expect } from 'chai';
import { type AdminClient, adminClient } from '../../support/admin-client.ts';
import { makeApiDocument, operationsOf, routesOf } from '../../support/api-document.ts';
import {
  aboutOthers,
  answersOf,
  forOthers,
  identityOf,
  type PermissionRow,
  permissionSite,
  permissions,
  type Role,
  roles,
} from '../../support/permissions.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Outside the API: what scrapers, probers and browsers ask before anybody has signed in. */
const open = ['GET /healthz', 'GET /readyz', 'GET /metrics'];

describe('T30 who may do what, for every operation of the API', () => {
  let server: TestServer;
  const clients = {} as Record<Role, AdminClient>;

  before(async () => {
    server = await startServer();
    await restore();
    for (const role of roles) {
      clients[role] = role === 'nobody' ? adminClient(server.admin.url, '') : server.admin;
    }
    for (const role of ['outsider', 'viewer', 'writer', 'admin'] as const) {
      clients[role] = await server.as(role);
    }
  });
  after(() => server.close());

  async function restore(): Promise<void> {
    const { status, body } = await server.admin.post('/api/v2/site:apply', permissionSite);
    expect(status, JSON.stringify(body)).to.equal(200);
    for (const username of ['viewer', 'stranger']) {
      await server.admin.put(`/api/v2/users/${username}/oidc_identity`, identityOf(username));
    }
  }

  const revision = async () => (await server.admin.get('/readyz')).body.components.snapshot.detail.split(',')[0];

  it('has a row for each route of the server, and no other', async () => {
    const routes = await routesOf();
    const rows = permissions.map(([operation]) => operation);
    expect([...rows, ...forOthers, ...open]).to.have.members(routes);
  });

  it('says the same as the document of who may', async () => {
    const documented = operationsOf(await makeApiDocument());
    for (const [operation, , answers] of permissions) {
      const found = documented.find(({ method, path }) => `${method} ${path}` === operation);
      expect(answersOf[found?.['x-who-may'] ?? ''], operation).to.include(answers);
    }
  });

  for (const row of permissions) {
    it(titleOf(row), () => requireAnswers(row));
    const others = aboutOthers(row);
    if (others) {
      it(`${titleOf(others)}, of somebody else`, () => requireAnswers(others));
    }
  }

  async function requireAnswers([operation, path, answers, body]: PermissionRow): Promise<void> {
    const [method = ''] = operation.split(' ');
    for (const [at, role] of roles.entries()) {
      const wanted = answers.split(' ')[at] ?? '';
      const before = await revision();
      const sent = body && JSON.parse(JSON.stringify(body).replaceAll('{role}', role));
      const { status, body: answer } = await clients[role].send(
        method,
        `/api/v2${path.replaceAll('{role}', role)}`,
        sent,
      );
      expect(wanted === '+' ? status < 300 : status === Number(wanted), `${role} got ${status}`).to.equal(true);
      if (wanted !== '+') {
        expect(await revision(), `${role} changed something`).to.equal(before);
      } else if (method !== 'GET') {
        await restore();
      }
      if (answer.legacy_key !== undefined && answer.username === 'viewer') {
        clients.viewer = adminClient(server.admin.url, answer.legacy_key);
      }
    }
  }
});

function titleOf([operation, , answers]: PermissionRow): string {
  return `${operation}: ${answers}`;
}
