import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('admin API: requests that can not be obeyed', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
  });
  after(() => server.close());

  it('answers in its own terms whatever the text of an id says', async () => {
    expect((await server.admin.post('/api/v2/users', { username: 'aborted' })).status).to.equal(201);
    expect((await server.admin.post('/api/v2/users', { username: 'aborted' })).status).to.equal(409);
    expect((await server.admin.delete('/api/v2/users/ben/v2_keys/aborted')).status).to.equal(404);
    for (const path of ['/api/v2/users/%zz', `/api/v2/users/${'x'.repeat(300)}`]) {
      const { status, body } = await server.admin.get(path);
      expect([status, Object.keys(body)]).to.deep.equal([400, ['code', 'message', 'details']]);
    }
  });

  it('answers a body that is no JSON, another content type and an unknown path in its own words', async () => {
    const send = (path: string, body: string, type: string) =>
      fetch(server.admin.url + path, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: 'Bearer x' },
      });
    const { url } = server.admin;
    const { body } = await server.admin.post('/api/v2/users/root/v1_key:rotate');
    const root = adminClient(url, body.legacy_key);
    const raw = (text: string, type = 'application/json') =>
      fetch(`${url}/api/v2/users`, {
        method: 'POST',
        body: text,
        headers: { 'content-type': type, authorization: `Bearer ${body.legacy_key}` },
      });
    expect((await raw('{no json')).status).to.equal(400);
    expect(await (await raw('{no json')).json()).to.have.property('message', 'the body is no valid JSON');
    expect((await raw('username=x', 'application/x-www-form-urlencoded')).status).to.equal(415);
    expect((await raw(JSON.stringify({ name: 'x'.repeat(2_000_000) }))).status).to.equal(413);
    expect((await root.get('/api/v2/nothing')).status).to.equal(404);
    expect((await send('/api/v2/users', '{}', 'application/json')).status).to.equal(401);
  });
});
