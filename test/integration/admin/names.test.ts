import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { accessKeyOf, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** As directories write them (R14), like verbs of paths, and as long as they may be. */
const names = [
  'jane+ml@example.com',
  "o'brien@example.com",
  'bob_example.com#EXT#@corp.onmicrosoft.com',
  'CORP\\jane',
  'system:serviceaccount:ml:scorer',
  'a:sign_in_link',
  'a:sign_in_link:sign_in_link',
  'k:rotate',
  `a${'#'.repeat(127)}`,
];

const document = {
  teams: [{ team: 't' }],
  projects: [{ project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] }],
};

describe('B49 R14 names as directories have them', () => {
  let server: TestServer;
  let accessKey: string;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', document);
    accessKey = await accessKeyOf(server);
  });
  after(() => server.close());

  /** What was asked and answered otherwise than with success. */
  const refused = async (asked: readonly (readonly [method: string, path: string, body?: unknown])[]) => {
    const faults: string[] = [];
    for (const [method, path, body] of asked) {
      const { status, body: said } = await server.admin.send(method, `/api/v2${path}`, body);
      if (status >= 300) faults.push(`${method} ${path}: ${status} ${JSON.stringify(said)}`);
    }
    return faults;
  };
  const inPath = [encodeURIComponent, (name: string) => encodeURIComponent(name).replaceAll('%3A', ':')];

  for (const name of names) {
    it(`${name.slice(0, 50)} is a user's, in every path`, async () => {
      expect(await refused([['POST', '/users', { username: name }]])).to.deep.equal([]);
      for (const write of inPath) {
        const user = `/users/${write(name)}`;
        const { body: key } = await server.admin.post(`/api/v2${user}/v2_keys`, {});
        const { body: next } = await server.admin.post(`/api/v2${user}/v2_keys/${key.key_id}:rotate`, {});
        const faults = await refused([
          ['GET', user],
          ['PATCH', user, { name: 'N' }],
          ['POST', `${user}:sign_in_link`],
          ['PUT', `${user}/oidc_identity`, { issuer: 'https://id.example.org', subject: name }],
          ['GET', `${user}/oidc_identity`],
          ['POST', `${user}/v1_key:rotate`],
          ['GET', `${user}/v2_keys`],
          ['DELETE', `${user}/v2_keys/${next.key_id}`],
          ['PUT', `/teams/t/members/${write(name)}`, { permission: 'read' }],
          ['DELETE', `/teams/t/members/${write(name)}`],
          ['PUT', `/projects/p/collaborators/${write(name)}`, { permission: 'read' }],
          ['DELETE', `/projects/p/collaborators/${write(name)}`],
          ['GET', `/projects?owner=${encodeURIComponent(name)}`],
          ['GET', `/audit_events?actor=${encodeURIComponent(name)}`],
        ]);
        expect(faults).to.deep.equal([]);
      }
      const { body: shown } = await server.admin.get(`/api/v2/users/${encodeURIComponent(name)}`);
      expect(shown).to.include({ username: name, api_key_count: 2 });
    });

    it(`${name.slice(0, 50)} calls models, acts, is exported and applied again`, async () => {
      const user = `/api/v2/users/${encodeURIComponent(name)}`;
      const client = adminClient(server.admin.url, (await server.admin.post(`${user}/v1_key:rotate`)).body.legacy_key);
      const { api_key } = (await client.post(`${user}/v2_keys`, {})).body;
      const before = await statusOf(server, accessKey, api_key);
      const put = `/api/v2/projects/p/collaborators/${encodeURIComponent(name)}`;
      await server.admin.put(put, { permission: 'read' });
      expect([before, await statusOf(server, accessKey, api_key)]).to.deep.equal([403, 200]);
      const [event] = (await server.admin.get(`/api/v2/audit_events?actor=${encodeURIComponent(name)}`)).body
        .audit_events;
      expect(event).to.include({ actor: name, action: 'api_key.create' });
      const { body: site } = await server.admin.get('/api/v2/site');
      expect(site.users.map(({ username }: { username: string }) => username)).to.include(name);
      expect((await server.admin.post('/api/v2/site:apply', site)).body.steps).to.deep.equal([]);
      await server.admin.delete(put);
      expect((await server.admin.delete(user)).status).to.equal(204);
    });

    it(`${name.slice(0, 50)} is an application's, in every path`, async () => {
      expect(await refused([['POST', '/applications', { name }]])).to.deep.equal([]);
      for (const write of inPath) {
        const application = `/applications/${write(name)}`;
        const { body: key } = await server.admin.post(`/api/v2${application}/v2_keys`, {});
        const faults = await refused([
          ['GET', application],
          ['PATCH', application, { deactivated: false }],
          ['POST', `${application}/v2_keys/${key.key_id}:rotate`, {}],
          ['GET', `${application}/v2_keys`],
          ['DELETE', `${application}/v2_keys/${key.key_id}`],
          ['DELETE', `${application}/v2_keys`],
        ]);
        expect(faults).to.deep.equal([]);
      }
      expect(await refused([['DELETE', `/applications/${encodeURIComponent(name)}`]])).to.deep.equal([]);
    });
  }
});
