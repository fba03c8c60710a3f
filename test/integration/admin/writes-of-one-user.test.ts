import { expect } from 'chai';
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
});
