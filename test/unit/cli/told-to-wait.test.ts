import { expect } from 'chai';
import { startFakeApi } from '../../support/cli-server.ts';

const tooMany = { code: 8, message: 'too many changes of yours are under way', details: [] };

describe('T55 a command that is told to wait', () => {
  it('waits as long as the server says, and sends the same once more', async () => {
    let answers = 0;
    const api = await startFakeApi(() =>
      answers++ === 0 ? { status: 429, headers: { 'retry-after': '1' }, body: tooMany } : { status: 204 },
    );
    const started = performance.now();
    const { code } = await api.run(['users', 'delete', 'ben']);
    await api.close();
    expect([code, api.asked.map(({ method, url }) => [method, url])]).to.deep.equal([
      0,
      [
        ['DELETE', '/api/v2/users/ben'],
        ['DELETE', '/api/v2/users/ben'],
      ],
    ]);
    expect(performance.now() - started).to.be.greaterThan(900);
  });
});
