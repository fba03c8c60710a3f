import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { digestOf } from '../../../src/keys/digest.ts';
import type { AdminClient } from '../../support/admin-client.ts';
import { aboutEquals, identityOf, permissions } from '../../support/permissions.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Another site admin with a key and an identity at a provider. */
interface Equal {
  readonly name: string;
  readonly client: AdminClient;
  readonly keyId: string;
}

describe('B35 T30 S5 two site admins', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  /** Its legacy key comes from before it became one: then it was nobody's equal. */
  const anEqual = async (): Promise<Equal> => {
    const name = `e${randomUUID()}`;
    await server.admin.post('/api/v2/users', { username: name });
    await server.admin.put(`/api/v2/users/${name}/oidc_identity`, identityOf(name));
    const client = await server.as(name);
    await server.admin.patch(`/api/v2/users/${name}`, { site_admin: true });
    const { body } = await client.post(`/api/v2/users/${name}/v2_keys`, {});
    return { name, client, keyId: body.key_id };
  };
  const eventsAbout = async (target: string) =>
    (await server.admin.get(`/api/v2/audit_events?target=${target}`)).body.audit_events;

  it('has a row for each operation on a user', () => {
    const ofUsers = permissions.map(([operation]) => operation).filter(each => each.includes('/users/{username}'));
    const onUsers = ofUsers.filter(each => each.split(' ')[1]?.startsWith('/users/'));
    expect(aboutEquals.map(([operation]) => operation)).to.have.members(onUsers);
  });

  for (const [operation, path, answer, body] of aboutEquals) {
    it(`${operation} about an equal: ${answer}`, async () => {
      const { name, keyId } = await anEqual();
      const asked = `/api/v2${path.replace('{equal}', name).replace('{key}', keyId)}`;
      const { status, body: said } = await server.admin.send(operation.split(' ')[0] as string, asked, body);
      expect(answer === '+' ? status < 300 : status === Number(answer), `${status}`).to.equal(true);
      expect(status >= 300 ? said.message : 'nobody acts').to.include('nobody acts');
    });
  }

  it('may do all of it for themselves', async () => {
    const { name, client, keyId } = await anEqual();
    const own = `/api/v2/users/${name}`;
    expect((await client.post(`${own}/v2_keys/${keyId}:rotate`, {})).status).to.equal(201);
    expect((await client.post(`${own}:sign_in_link`)).status).to.equal(201);
    expect((await client.post(`${own}/v1_key:rotate`)).status).to.equal(200);
  });

  it('bring in no key of the other by a document, also where it ceases to be one by it', async () => {
    const { name, client } = await anEqual();
    const api_keys = [{ key_id: `k-${name}`, username: name, digest: digestOf(name) }];
    const apply = (by: AdminClient, document: object) => by.post('/api/v2/site:apply', document);
    for (const more of [{}, { users: [{ username: name, site_admin: false }] }]) {
      const { status, body } = await apply(server.admin, { ...more, api_keys });
      expect([status, body.details[0]?.field]).to.deep.equal([403, 'api_keys.0.username']);
    }
    expect((await server.admin.get(`/api/v2/users/${name}`)).body).to.include({ site_admin: true, api_key_count: 1 });
    expect((await apply(client, { api_keys })).body.steps).to.have.nested.property('0.action', 'create');
    // What is there already asks for nothing, so the whole site can be applied by either.
    expect((await apply(server.admin, { api_keys })).body.steps).to.deep.equal([]);
    await client.delete(`/api/v2/users/${name}/v2_keys/k-${name}`);
    const [{ reason }] = (await apply(server.admin, { api_keys })).body.steps;
    const restored = api_keys.map(key => ({ ...key, restored: /restored: "(.*)"/.exec(reason)?.[1] }));
    expect((await apply(server.admin, { api_keys: restored })).status).to.equal(403);
  });

  it('refuse what is under way when somebody becomes one', async () => {
    const name = `e${randomUUID()}`;
    await server.admin.post('/api/v2/users', { username: name });
    const promoted = server.admin.patch(`/api/v2/users/${name}`, { site_admin: true });
    const made = Array.from({ length: 8 }, () => server.admin.post(`/api/v2/users/${name}/v2_keys`, {}));
    const rotated = server.admin.post(`/api/v2/users/${name}/v1_key:rotate`);
    await Promise.all([promoted, rotated, ...made]);
    const before = (await server.admin.get(`/api/v2/users/${name}`)).body.api_key_count;
    const [event] = (await eventsAbout(name)).filter(({ action }: { action: string }) => action === 'user.update');
    const keys = (await server.admin.get('/api/v2/audit_events?action=api_key.create&page_size=100')).body.audit_events;
    const later = keys.filter(
      ({ details, revision }: { details: { principal: string }; revision: number }) =>
        details.principal === name && revision > event.revision,
    );
    expect(before).to.be.at.most(8);
    expect(later).to.deep.equal([]);
  });

  it('say in the list and in the audit what they made for somebody else', async () => {
    const name = `u${randomUUID()}`;
    await server.admin.post('/api/v2/users', { username: name });
    const user = await server.as(name);
    const keys = `/api/v2/users/${name}/v2_keys`;
    const theirs = (await user.post(keys, {})).body;
    const made = (await server.admin.post(keys, {})).body;
    const successor = (await server.admin.post(`${keys}/${theirs.key_id}:rotate`, {})).body;
    const key_id = `brought-in-${name}`;
    await server.admin.post('/api/v2/site:apply', { api_keys: [{ key_id, username: name, digest: digestOf(name) }] });
    const { api_keys } = (await user.get(keys)).body;
    const authors = Object.fromEntries(
      api_keys.map((key: { key_id: string; created_by: string | null }) => [key.key_id, key.created_by]),
    );
    expect(authors).to.deep.equal({
      [theirs.key_id]: null,
      [made.key_id]: 'root',
      [successor.key_id]: 'root',
      [key_id]: 'root',
    });
    expect((await eventsAbout(made.key_id))[0].details).to.include({ principal: name, created_by: 'root' });
    expect((await eventsAbout(theirs.key_id)).at(-1).details).to.not.have.property('created_by');
    const [rotation] = (await eventsAbout(name)).filter(({ action }: { action: string }) => /rotate/.test(action));
    expect(rotation).to.deep.include({ action: 'legacy_key.rotate', actor: 'root', details: { shown_to: 'root' } });
    await user.post(`/api/v2/users/${name}/v1_key:rotate`);
    expect((await eventsAbout(name))[0]).to.deep.include({ actor: name, details: {} });
  });
});
