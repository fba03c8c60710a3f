import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

describe('admin API: what an API key may ask', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
  });
  after(() => server.close());

  it('validates a key for whoever holds it', async () => {
    const { api_key } = (await server.admin.post('/api/v2/users/ben/v2_keys', {})).body;
    const validate = (key: string, audience: string) =>
      adminClient(server.admin.url, key).post('/api/v2/auth/validate_key', { audience });
    expect((await validate(api_key, 'API')).body).to.include({ valid: true, username: 'ben' });
    expect((await validate(api_key, 'Application')).body).to.include({ valid: false, username: '' });
    expect((await validate(makeSecret('api_key'), 'API')).body).to.include({ valid: false, username: '' });
    expect((await validate('', 'API')).status).to.equal(401);
  });
});
