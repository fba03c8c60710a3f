import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { createClock } from '../../../src/server/clock.ts';
import { adminClient } from '../../support/admin-client.ts';
import { accessKeyOf, site, statusOf } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const hourMs = 3_600_000;
const keys = '/api/v2/users/ben/v2_keys';

describe('admin API: what whoever holds an API key may ask', () => {
  let server: TestServer;
  let accessKey: string;
  let ahead = 0;
  const create = async (body: object = {}) => (await server.admin.post(keys, body)).body;
  const revoke = (key: string) => adminClient(server.admin.url, key).post('/api/v2/auth/revoke_key');
  const validate = (key: string, audience = 'API') =>
    adminClient(server.admin.url, key).post('/api/v2/auth/validate_key', { audience });

  beforeEach(async () => {
    ahead = 0;
    server = await startServer({
      clock: createClock({ wall: Date.now, ticks: () => performance.now() + ahead }),
    });
    await server.admin.post('/api/v2/site:apply', site);
    accessKey = await accessKeyOf(server);
  });
  afterEach(() => server.close());

  it('validates a key for whoever holds it', async () => {
    const { api_key } = await create();
    expect((await validate(api_key)).body).to.include({ valid: true, username: 'ben' });
    expect((await validate(api_key, 'Application')).body).to.include({ valid: false, username: '' });
    expect((await validate(makeSecret('api_key'))).body).to.include({ valid: false, username: '' });
    expect((await validate('')).status).to.equal(401);
  });

  it('B46 revokes the key that it is given and no other, as soon as the answer is there', async () => {
    const leaked = await create();
    const other = await create();
    const { status, body, headers } = await revoke(leaked.api_key);
    expect([status, body]).to.deep.equal([200, { revoked: true, key_id: leaked.key_id }]);
    expect(Number(headers.get('x-modelgate-revision'))).to.be.greaterThan(0);
    expect(await statusOf(server, accessKey, leaked.api_key)).to.equal(401);
    expect(await statusOf(server, accessKey, other.api_key)).to.equal(200);
    const [shown] = (await server.admin.get(keys)).body.api_keys.filter((key: { ended_at: string }) => key.ended_at);
    expect(shown.key_id).to.equal(leaked.key_id);
  });

  it('B46 takes a key of any audience, an expired one, and one that is ended, more than once', async () => {
    const application = await create({ audiences: ['Application'] });
    const expired = await create({ expiry_date: new Date(Date.now() + hourMs).toISOString() });
    ahead = 2 * hourMs;
    for (const { api_key, key_id } of [application, expired, application]) {
      expect((await revoke(api_key)).body).to.deep.equal({ revoked: true, key_id });
    }
    const ended = await create();
    await server.admin.patch('/api/v2/users/ben', { deactivated: true });
    expect((await revoke(ended.api_key)).status).to.equal(200);
    const { body } = await server.admin.get('/api/v2/audit_events?action=api_key.revoke_by_holder');
    expect(body.audit_events).to.have.length(2);
  });

  it('B46 B37 audits the key as the one who acts, with its owner and where from, and no secret', async () => {
    const { api_key, key_id } = await create();
    await revoke(api_key);
    const { body } = await server.admin.get('/api/v2/audit_events?action=api_key.revoke_by_holder');
    const { id: _, at: _at, revision: _revision, ...event } = body.audit_events[0];
    expect(event).to.deep.equal({
      actor: `api_key:${key_id}`,
      address: '127.0.0.1',
      action: 'api_key.revoke_by_holder',
      target: key_id,
      project_id: null,
      details: { principal: 'ben' },
    });
    expect(JSON.stringify(body) + server.logged.join('')).to.not.contain(api_key);
  });

  it('B46 B15 knows nothing of an unknown, deleted or legacy key, nor of none', async () => {
    const deleted = await create();
    await server.admin.delete(`${keys}/${deleted.key_id}`);
    const { legacy_key } = (await server.admin.post('/api/v2/users/ben/v1_key:rotate')).body;
    const revision = (await server.admin.get('/readyz')).body.components.snapshot.detail.split(',')[0];
    const answers = await Promise.all([makeSecret('api_key'), deleted.api_key, legacy_key].map(revoke));
    for (const { status, body } of answers) {
      expect([status, body]).to.deep.equal([401, answers[0]?.body]);
    }
    expect((await revoke('')).status).to.equal(401);
    expect((await server.admin.get('/readyz')).body.components.snapshot.detail).to.contain(revision);
    expect((await adminClient(server.admin.url, legacy_key).get('/api/v2/users/ben')).status).to.equal(200);
  });

  it('B22 tells nothing of a key while what is known is too old, as a check', async () => {
    const { api_key } = await create();
    await server.admin.patch('/api/v2/settings', { stale_after_seconds: 60 });
    expect((await validate(api_key)).body.valid).to.equal(true);
    ahead = hourMs;
    const { status, body, headers } = await validate(api_key);
    expect([status, body.code, headers.get('retry-after')]).to.deep.equal([503, 14, '5']);
    expect(await statusOf(server, accessKey, api_key)).to.equal(503);
  });

  it('T22 T54 lets a source wait that sends unknown keys, but not with a right one, and no other source', async () => {
    const { api_key } = await create();
    const guesses = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? validate : revoke)(makeSecret('api_key')));
    expect((await Promise.all(guesses)).map(({ status }) => status)).to.not.include(429);
    // One failure is forgotten each second, so on a slow machine it takes some more.
    let refused = await validate(makeSecret('api_key'));
    while (refused.status !== 429) {
      refused = await validate(makeSecret('api_key'));
    }
    const { status, body, headers } = refused;
    expect([status, body.code, body.details]).to.deep.equal([429, 8, []]);
    expect(Number(headers.get('retry-after'))).to.be.greaterThan(0);
    expect((await validate(api_key)).body).to.include({ valid: true });
    expect(await validateFrom('127.0.0.2', server.adminPort, makeSecret('api_key'))).to.include({ valid: false });
    expect((await revoke(api_key)).status).to.equal(200);
    expect((await server.admin.get(keys)).status).to.equal(200);
  });

  it('T22 counts neither keys that are valid, expired or for another audience, nor requests without one', async () => {
    const { api_key } = await create();
    const asked = Array.from({ length: 70 }, (_, n) =>
      n % 2 === 0 ? validate(api_key, 'Application') : validate(n % 3 === 0 ? '' : api_key),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).to.not.include(429);
  });
});

/** Validates a key from another address of this machine. */
async function validateFrom(localAddress: string, port: number, apiKey: string): Promise<object> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const options = { host: '127.0.0.1', port, localAddress, method: 'POST', path: '/api/v2/auth/validate_key', headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(options, async response => resolve(JSON.parse(await text(response))));
    request.on('error', reject).end('{}');
  });
}
