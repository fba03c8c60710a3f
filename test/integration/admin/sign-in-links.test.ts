import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { adminClient } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { signIn, tokenFor } from '../../support/browser.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const minuteMs = 60_000;

describe('admin API: sign-in links, and who signs in too often', () => {
  let server: TestServer;
  let now = Date.now();
  const byKey = () => signIn(server.admin.url, { legacy_key: server.admin.key });
  const events = async (action: string) =>
    (await server.admin.get(`/api/v2/audit_events?action=${action}`)).body.audit_events;

  beforeEach(async () => {
    now = Date.now();
    server = await startServer({ now: () => now });
    await server.admin.post('/api/v2/site:apply', site);
  });
  afterEach(() => server.close());

  it('T35 signs in by a link, once, within ten minutes, and says in the audit who made it', async () => {
    const { body, status, headers } = await server.admin.post('/api/v2/users/ben:sign_in_link');
    const at = new Date(now + 10 * minuteMs).toISOString();
    expect([status, body.expires_at, headers.get('cache-control')]).to.deep.equal([201, at, 'no-store']);
    expect(body.url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/#\/sign-in\?token=mgs_\w{49}$/);
    const sign_in_token = body.url.split('token=')[1];
    const { session } = await signIn(server.admin.url, { sign_in_token });
    expect(session).to.include({ username: 'ben', sign_in_method: 'link' });
    const late = await tokenFor(server.admin, 'ben');
    now += 10 * minuteMs;
    for (const token of [sign_in_token, late, makeSecret('sign_in_token')]) {
      const answer = await adminClient(server.admin.url, '').post('/api/v2/sessions', { sign_in_token: token });
      expect([answer.status, answer.body.message]).to.deep.equal([401, answer.body.message]);
      expect(answer.body.message).to.contain('ask a site admin for a new link');
    }
    const [made] = await events('sign_in_link.create');
    expect(made).to.include({ actor: 'root', target: 'ben' });
    const [created] = await events('session.create');
    expect(created).to.deep.include({ actor: 'ben', details: { sign_in_method: 'link', link_made_by: 'root' } });
  });

  it('S9 T27 tells whom a link signs in, and leaves it as it was', async () => {
    const sign_in_token = await tokenFor(server.admin, 'ben');
    const nobody = adminClient(server.admin.url, '');
    const preview = (token: string) => nobody.post('/api/v2/sessions:preview', { sign_in_token: token });
    for (const _ of [1, 2]) {
      const { status, body, headers } = await preview(sign_in_token);
      expect([status, body.username, headers.get('cache-control')]).to.deep.equal([200, 'ben', 'no-store']);
      expect(body).to.have.all.keys('username', 'name');
      expect(headers.get('set-cookie')).to.equal(null);
    }
    expect(await events('session.create')).to.deep.equal([]);
    expect((await signIn(server.admin.url, { sign_in_token })).session.username).to.equal('ben');
    const refused = await nobody.post('/api/v2/sessions', { sign_in_token });
    const late = await tokenFor(server.admin, 'ben');
    now += 10 * minuteMs;
    for (const token of [sign_in_token, late, makeSecret('sign_in_token'), server.admin.key]) {
      const answer = await preview(token);
      expect([answer.status, answer.body.message]).to.deep.equal([401, refused.body.message]);
    }
    expect((await nobody.post('/api/v2/sessions:preview', { legacy_key: server.admin.key })).status).to.equal(400);
  });

  it('S9 T35 throttles who asks about links that there are not, and nobody with a live one', async () => {
    const nobody = adminClient(server.admin.url, '');
    const preview = (token: string) => nobody.post('/api/v2/sessions:preview', { sign_in_token: token });
    const sign_in_token = await tokenFor(server.admin, 'ben');
    let status = 0;
    while (status !== 429) {
      status = (await preview(makeSecret('sign_in_token'))).status;
    }
    expect((await preview(sign_in_token)).status).to.equal(200);
  });

  it('T35 lets a link be redeemed once, however many try at once', async () => {
    const sign_in_token = await tokenFor(server.admin, 'ben');
    const nobody = adminClient(server.admin.url, '');
    const tries = Array.from({ length: 20 }, () => nobody.post('/api/v2/sessions', { sign_in_token }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter(status => status === 201)).to.have.length(1);
  });

  it('T35 T54 lets an address that sends bad credentials wait for seconds, but not with good ones, and no other', async () => {
    const nobody = adminClient(server.admin.url, '');
    const guess = () => nobody.post('/api/v2/sessions', { legacy_key: makeSecret('legacy_key') });
    let refused = await guess();
    while (refused.status !== 429) {
      refused = await guess();
    }
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 2);
    expect(await signInFrom('127.0.0.1', server)).to.equal(201);
    expect(await signInFrom('127.0.0.2', server)).to.equal(201);
    await until('the address may fail again', async () => (await guess()).status === 401);
  });

  it('T35 lets a user who signs in again and again wait for seconds, and nobody else', async () => {
    const ada = await server.as('ada');
    const again = () => adminClient(server.admin.url, '').post('/api/v2/sessions', { legacy_key: ada.key });
    let last = await again();
    for (let times = 1; last.status === 201 && times < 200; times += 1) {
      last = await again();
    }
    expect([last.status, Number(last.headers.get('retry-after'))]).to.satisfy(
      ([status = 0, wait = 0]: number[]) => status === 429 && wait >= 1 && wait <= 2,
    );
    expect((await byKey()).session.username).to.equal('root');
    await until('ada may sign in again', async () => (await again()).status === 201);
  });

  it('T30 makes a link for oneself, and as a site admin for others, but for no other site admin', async () => {
    await server.admin.post('/api/v2/users', { username: 'chief', site_admin: true });
    const [ada, chief] = [await server.as('ada'), await server.as('chief')];
    const make = async (by: typeof ada, username: string) =>
      (await by.post(`/api/v2/users/${username}:sign_in_link`)).status;
    expect([await make(ada, 'ada'), await make(ada, 'ben'), await make(ada, 'root')]).to.deep.equal([201, 403, 403]);
    expect([await make(chief, 'ada'), await make(chief, 'chief'), await make(chief, 'root')]).to.deep.equal([
      201, 201, 403,
    ]);
    expect([await make(chief, 'nobody')]).to.deep.equal([404]);
    await server.admin.patch('/api/v2/users/ben', { deactivated: true });
    expect(await make(chief, 'ben')).to.equal(409);
  });
});

/** Status of a sign-in of the site admin from another address of this machine. */
async function signInFrom(localAddress: string, { adminPort: port, admin }: TestServer): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const options = { host: '127.0.0.1', port, localAddress, method: 'POST', path: '/api/v2/sessions', headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(options, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject).end(JSON.stringify({ legacy_key: admin.key }));
  });
}
