import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { signIn, tokenFor } from '../../support/browser.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const keys = '/api/v2/users/ben/v2_keys';
const failures = 1000;
const roundsMax = 6;

describe('admin API: many failures from the address of others', function () {
  this.timeout(60_000);
  let server: TestServer;

  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
  });
  after(() => server.close());

  it('T54 refuses no right credential of any kind while an address fails a thousand times', async () => {
    const nobody = adminClient(server.admin.url, '');
    const apiKey = async () => (await server.admin.post(keys, {})).body.api_key as string;
    const ask = (key: string, action: string) => adminClient(server.admin.url, key).post(`/api/v2/auth/${action}`, {});
    const legacyKey = (await server.as('ben')).key;
    const session = (await signIn(server.admin.url, { legacy_key: legacyKey })).client;
    const good = async () => [
      (await nobody.post('/api/v2/sessions', { legacy_key: legacyKey })).status,
      (await nobody.post('/api/v2/sessions', { sign_in_token: await tokenFor(server.admin, 'ben') })).status,
      (await ask(await apiKey(), 'validate_key')).body.valid,
      (await ask(await apiKey(), 'revoke_key')).status,
      (await session.get('/api/v2/sessions/current')).status,
    ];
    const bad = (n: number) =>
      n % 2 === 0
        ? nobody.post('/api/v2/sessions', { legacy_key: makeSecret('legacy_key') })
        : ask(makeSecret('api_key'), n % 4 === 1 ? 'validate_key' : 'revoke_key');

    let sent = 0;
    const seen = new Set<number>();
    const failing = Array.from({ length: 10 }, async () => {
      while (sent < failures) {
        seen.add((await bad(sent++)).status);
      }
    });
    for (let round = 0; round < roundsMax && (round === 0 || sent < failures); round += 1) {
      expect(await good()).to.deep.equal([201, 201, true, 200, 200]);
    }
    await Promise.all(failing);
    expect([...seen]).to.include(429);
    expect(await good()).to.deep.equal([201, 201, true, 200, 200]);
  });
});
