import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { site } from '../../support/admin-site.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** Sends the head and the first byte of a request, waits, then sends the rest: a body on a slow line. */
async function sendSlowly(
  server: TestServer,
  key: string,
  path: string,
  body: string,
  meanwhile: () => Promise<unknown>,
) {
  const socket = connect(server.adminPort, '127.0.0.1');
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
  ];
  socket.write(`${[...head, `content-length: ${body.length}`, 'connection: close'].join('\r\n')}\r\n\r\n${body[0]}`);
  await sleep(100);
  await meanwhile();
  socket.write(body.slice(1));
  const answer = (await socket.toArray()).map(String).join('');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

describe('admin API: rights that are taken away', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', site);
  });
  after(() => server.close());

  it('T30 are asked again when the change is made, not only when the request came in', async () => {
    await server.admin.post('/api/v2/users', { username: 'mal', site_admin: true });
    const legacy_key = (await server.as('mal')).key;
    const body = JSON.stringify({ username: 'backdoor', site_admin: true });
    const status = await sendSlowly(server, legacy_key, '/api/v2/users', body, () =>
      server.admin.patch('/api/v2/users/mal', { site_admin: false }),
    );
    expect(status).to.equal(403);
    const after = await sendSlowly(server, legacy_key, '/api/v2/users/mal/v2_keys', '{}', () =>
      server.admin.patch('/api/v2/users/mal', { deactivated: true }),
    );
    expect(after).to.equal(401);
    expect((await server.admin.get('/api/v2/users/backdoor')).status).to.equal(404);
  });

  it('T30 to an application end with its ownership, also for a request that is on its way', async () => {
    await server.admin.post('/api/v2/applications', { name: 'bot', owner: 'ada' });
    const { legacy_key } = (await server.admin.post('/api/v2/users/ada/v1_key:rotate')).body;
    const status = await sendSlowly(server, legacy_key, '/api/v2/applications/bot/v2_keys', '{}', () =>
      server.admin.patch('/api/v2/applications/bot', { owner: 'ben' }),
    );
    expect(status).to.equal(404);
    expect((await server.admin.get('/api/v2/applications/bot')).body).to.include({ owner: 'ben', api_key_count: 0 });
  });

  it('are asked before the body is read', async () => {
    const otto = await server.as('otto');
    const { status } = await otto.post('/api/v2/site:apply', { users: Array.from({ length: 1000 }, () => 1) });
    expect(status).to.equal(403);
  });
});
