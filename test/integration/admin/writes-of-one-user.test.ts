import { expect } from 'chai';
import { adminClient } from '../../support/admin-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('T55 S11 many writes of one user at once', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it('are refused with 429 and Retry-After beyond a few, while another user revokes', async () => {
    const { admin } = server;
    await admin.post('/api/v2/users', { username: 'ada' });
    const ada = await server.as('ada');
    const { body } = await ada.post('/api/v2/users/ada/v2_keys');
    const flood = Array.from({ length: 100 }, () => admin.patch('/api/v2/settings', {}));
    const deleted = ada.delete(`/api/v2/users/ada/v2_keys/${body['key_id']}`);
    const answers = await Promise.all(flood);
    expect((await deleted).status).to.equal(204);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(100 - refused.length);
    expect(refused).to.not.have.length(0);
    expect(refused.map(({ headers }) => headers.get('retry-after'))).to.deep.equal(refused.map(() => '1'));
  });

  it('count together where they come by many keys of one owner, and not where a key is revoked already', async () => {
    const { admin } = server;
    const { url } = admin;
    const revoke = (key: string) => adminClient(url, key).post('/api/v2/auth/revoke_key');
    const make = () => admin.post('/api/v2/users/root/v2_keys');
    const made = [...(await Promise.all(Array.from({ length: 16 }, make))), await make(), await make()];
    const flood = made.map(({ body }) => revoke(String(body['api_key'])));
    // The owner's own is not refused because of them; what it deletes first is told from what was revoked.
    expect((await admin.delete('/api/v2/users/root/v2_keys')).status).to.equal(200);
    for (const answer of await Promise.all(flood)) {
      expect(answer.status).to.be.oneOf([200, 401, 429]);
    }
    const { body } = await admin.post('/api/v2/users/root/v2_keys');
    const again = () => revoke(String(body['api_key']));
    const { status, headers } = await again();
    const answers = await Promise.all(Array.from({ length: 40 }, again));
    expect([status, ...new Set(answers.map(each => each.status))]).to.deep.equal([200, 200]);
    // Nothing was written for them.
    expect(new Set(answers.map(each => each.headers.get('x-modelgate-revision')))).to.deep.equal(
      new Set([headers.get('x-modelgate-revision')]),
    );
  });
});
