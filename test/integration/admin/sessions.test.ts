import { expect } from 'chai';
import { makeSecret } from '../../../src/keys/secret.ts';
import { adminClient, clientWith } from '../../support/admin-client.ts';
import { site } from '../../support/admin-site.ts';
import { restored } from '../../support/backups.ts';
import { type SignedIn, signIn, signInByLink, tokenFor } from '../../support/browser.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { serveAgain, startServer, type TestServer } from '../../support/server.ts';

const current = '/api/v2/sessions/current';
const minuteMs = 60_000;

describe('admin API: browser sessions', () => {
  let server: TestServer;
  let now = Date.now();
  const byKey = () => signIn(server.admin.url, { legacy_key: server.admin.key });
  const statusOf = async ({ client }: SignedIn) => (await client.get(current)).status;
  const events = async (action: string) =>
    (await server.admin.get(`/api/v2/audit_events?action=${action}`)).body.audit_events;

  beforeEach(async () => {
    now = Date.now();
    server = await startServer({ now: () => now });
    await server.admin.post('/api/v2/site:apply', site);
  });
  afterEach(() => server.close());

  it('signs in by the legacy key: the cookie is HttpOnly and SameSite=Strict, and the answer says who and how long', async () => {
    const { session, setCookie } = await byKey();
    expect(setCookie).to.match(/^modelgate_session=mgb_\w{49}; Path=\/api\/v2; HttpOnly; SameSite=Strict$/);
    const { csrf_token, ...told } = session;
    expect(csrf_token).to.match(/^[\w-]{43}$/);
    const at = (ms: number) => new Date(now + ms).toISOString();
    expect(told).to.deep.equal({
      username: 'root',
      name: '',
      site_admin: true,
      created_at: at(0),
      expires_at: at(12 * 60 * minuteMs),
      idle_expires_at: at(30 * minuteMs),
      sign_in_method: 'legacy_key',
      expiring_keys: { within_7_days: 0, within_30_days: 0 },
      site: { default_api_key_expiration_days: 365, gateway_url: '' },
    });
  });

  it('does in the name of the session what its user may, and shows it again', async () => {
    const { client, session } = await byKey();
    expect((await client.get(current)).body).to.deep.equal(session);
    expect((await client.post('/api/v2/users', { username: 'eve' })).status).to.equal(201);
    const ada = await signInByLink(server.admin, 'ada');
    expect((await ada.client.get('/api/v2/users')).status).to.equal(403);
    expect((await ada.client.get('/api/v2/projects/p')).status).to.equal(200);
    const [event] = await events('user.create');
    expect(event).to.include({ actor: 'root', target: 'eve' });
  });

  it('T27 takes no change without the token of the session, or with that of another', async () => {
    const { cookie } = await byKey();
    const other = await signInByLink(server.admin, 'ada');
    for (const token of ['', 'x', other.session.csrf_token]) {
      const forged = clientWith(server.admin.url, { cookie, ...(token && { 'x-modelgate-csrf': token }) });
      const { status, body } = await forged.post('/api/v2/users', { username: 'eve' });
      expect([status, body.message]).to.deep.equal([
        403,
        "a change in a browser session takes the session's csrf_token as the header x-modelgate-csrf",
      ]);
      expect((await forged.delete(current)).status).to.equal(403);
      expect((await forged.get(current)).status).to.equal(200);
    }
    expect((await server.admin.get('/api/v2/users/eve')).status).to.equal(404);
  });

  it('T27 never falls back to the cookie where there is an Authorization header, nor takes it for an API key', async () => {
    const { cookie, session } = await byKey();
    const headers = { cookie, 'x-modelgate-csrf': session.csrf_token };
    for (const authorization of ['', 'Bearer', `Bearer ${makeSecret('legacy_key')}`, 'Basic !', 'x']) {
      const client = clientWith(server.admin.url, { ...headers, authorization });
      expect((await client.get('/api/v2/users')).status, authorization).to.equal(401);
      expect((await client.post('/api/v2/users', { username: 'eve' })).status, authorization).to.equal(401);
    }
    for (const route of ['validate_key', 'revoke_key']) {
      expect((await clientWith(server.admin.url, headers).post(`/api/v2/auth/${route}`, {})).status).to.equal(401);
    }
    const withKey = clientWith(server.admin.url, { ...headers, authorization: `Bearer ${server.admin.key}` });
    expect((await withKey.get(current)).status).to.equal(401);
  });

  it('T27 makes a new id at each sign-in, ends the session that it comes with, and takes no id of a visitor', async () => {
    const first = await byKey();
    const visitor = `modelgate_session=${makeSecret('session')}`;
    const again = await fetch(`${server.admin.url}/api/v2/sessions`, {
      method: 'POST',
      headers: { cookie: first.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ legacy_key: server.admin.key }),
    });
    expect(again.status).to.equal(201);
    expect(again.headers.get('set-cookie')).to.not.contain(first.cookie);
    expect(await statusOf(first)).to.equal(401);
    expect((await clientWith(server.admin.url, { cookie: visitor }).get(current)).status).to.equal(401);
  });

  it('T27 ends the sessions of a user who becomes a site admin, or is one no more', async () => {
    for (const site_admin of [true, false]) {
      const { key } = await server.as('ada');
      const ada = await signIn(server.admin.url, { legacy_key: key });
      await server.admin.patch('/api/v2/users/ada', { name: `Ada ${site_admin}` });
      expect(await statusOf(ada)).to.equal(200);
      await server.admin.patch('/api/v2/users/ada', { site_admin });
      expect(await statusOf(ada)).to.equal(401);
    }
  });

  it('ends at sign-out: the cookie is cleared, and of no use any more', async () => {
    const { client, cookie } = await byKey();
    const { status, headers } = await client.delete(current);
    expect(status).to.equal(204);
    expect(headers.get('set-cookie')).to.match(/^modelgate_session=; Max-Age=0; Path=\/api\/v2; /);
    expect((await clientWith(server.admin.url, { cookie }).get(current)).status).to.equal(401);
    expect((await events('session.delete')).map(({ actor }: { actor: string }) => actor)).to.deep.equal(['root']);
  });

  it('goes on after a restart, and is over in a restored backup, which may be from before its end', async () => {
    const data = dataDirectory();
    const first = await startServer({ data });
    const { cookie } = await signIn(first.admin.url, { legacy_key: first.admin.key });
    const { name } = (await first.admin.post('/api/v2/site:backup')).body;
    await first.close();
    const statuses: number[] = [];
    for (const directory of [data, restored(data, name)]) {
      const next = await serveAgain(directory, first.admin);
      statuses.push((await clientWith(next.admin.url, { cookie }).get(current)).status);
      await next.close();
    }
    expect(statuses).to.deep.equal([200, 401]);
  });

  it('is sent back over TLS only where the page came over it, be it through a proxy', async () => {
    const setCookie = async (url: string, origin: string) => {
      const headers = { 'content-type': 'application/json', origin };
      const body = JSON.stringify({ legacy_key: server.admin.key });
      const response = await fetch(`${url}/api/v2/sessions`, { method: 'POST', headers, body });
      return response.headers.get('set-cookie')?.includes('; Secure');
    };
    const { host } = new URL(server.admin.url);
    expect(await setCookie(server.admin.url, `http://${host}`)).to.equal(false);
    expect(await setCookie(server.admin.url, `https://${host}`)).to.equal(true);
  });

  it('T27 over TLS is in a cookie that no other host can set, and in none that one could', async () => {
    const over = await startServer({ flags: { 'admin-url': 'https://models.example.com' } });
    const { cookie, setCookie, client } = await signIn(over.admin.url, { legacy_key: over.admin.key });
    const planted = clientWith(over.admin.url, { cookie: cookie.replace('__Host-', '') });
    const statuses = [(await client.get(current)).status, (await planted.get(current)).status];
    const { status, headers } = await client.delete(current);
    await over.close();
    expect(setCookie).to.match(/^__Host-modelgate_session=mgb_\w{49}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect([...statuses, status]).to.deep.equal([200, 401, 204]);
    expect(headers.get('set-cookie')).to.match(/^__Host-modelgate_session=; Max-Age=0; Path=\/; .*Secure/);
  });

  it('ends when it was not used for half an hour, and goes on while it is', async () => {
    const idle = await byKey();
    const used = await byKey();
    for (let minutes = 0; minutes < 60; minutes += 10) {
      now += 10 * minuteMs;
      expect(await statusOf(used)).to.equal(200);
      // The use is written down behind the answer.
      await server.admin.patch('/api/v2/users/ada', { name: `${minutes}` });
      if (minutes === 10) expect(await statusOf(idle)).to.equal(200);
    }
    expect(await statusOf(idle)).to.equal(401);
    now += 30 * minuteMs;
    expect(await statusOf(used)).to.equal(401);
  });

  it('ends after twelve hours, however much it is used', async () => {
    const used = await byKey();
    for (let quarters = 0; quarters < 47; quarters += 1) {
      now += 15 * minuteMs;
      expect(await statusOf(used)).to.equal(200);
      await server.admin.patch('/api/v2/users/ada', { name: `${quarters}` });
    }
    now += 15 * minuteMs;
    expect(await statusOf(used)).to.equal(401);
  });

  it('B37a ends the sessions and links of a user who is deactivated, and of one who is deleted', async () => {
    await server.admin.post('/api/v2/users', { username: 'eve' });
    const end = {
      ben: () => server.admin.patch('/api/v2/users/ben', { deactivated: true }),
      eve: () => server.admin.delete('/api/v2/users/eve'),
    };
    for (const username of ['ben', 'eve'] as const) {
      const session = await signInByLink(server.admin, username);
      const sign_in_token = await tokenFor(server.admin, username);
      await end[username]();
      expect(await statusOf(session)).to.equal(401);
      const redeemed = await adminClient(server.admin.url, '').post('/api/v2/sessions', { sign_in_token });
      expect(redeemed.status).to.equal(401);
    }
    await server.admin.patch('/api/v2/users/ben', { deactivated: false });
    await server.admin.post('/api/v2/users', { username: 'eve' });
    for (const username of ['ben', 'eve']) {
      expect((await signInByLink(server.admin, username)).session.username).to.equal(username);
    }
  });

  it('B35 T53 S3 leaves with a new legacy key nothing that was made by the old one, nor by a session of its making', async () => {
    const ada = await server.as('ada');
    const byOldKey = await signIn(server.admin.url, { legacy_key: ada.key });
    const byLink = await signInByLink(ada, 'ada');
    const byItsLink = await signInByLink(byLink.client, 'ada');
    const links = [await tokenFor(ada, 'ada'), await tokenFor(byItsLink.client, 'ada')];
    const ofBen = await signInByLink(server.admin, 'ben');
    await server.as('ada');
    const left = await Promise.all([byOldKey, byLink, byItsLink, ofBen].map(statusOf));
    expect(left).to.deep.equal([401, 401, 401, 200]);
    for (const sign_in_token of links) {
      expect((await adminClient(server.admin.url, '').post('/api/v2/sessions', { sign_in_token })).status).to.equal(
        401,
      );
    }
  });

  it('B35 goes on with the session that asked for the new legacy key, and no other; links for others end too', async () => {
    const asking = await byKey();
    const other = await signInByLink(server.admin, 'root');
    const sign_in_token = await tokenFor(server.admin, 'ben');
    expect((await asking.client.post('/api/v2/users/root/v1_key:rotate')).status).to.equal(200);
    expect([await statusOf(asking), await statusOf(other)]).to.deep.equal([200, 401]);
    expect((await adminClient(server.admin.url, '').post('/api/v2/sessions', { sign_in_token })).status).to.equal(401);
  });

  it('B47 says at sign-in how many keys of the user end soon', async () => {
    for (const days of [3, 20, 60]) {
      const expiry_date = new Date(now + days * 24 * 60 * minuteMs).toISOString();
      await server.admin.post('/api/v2/users/ben/v2_keys', { expiry_date });
      await server.admin.post('/api/v2/users/ada/v2_keys', { expiry_date });
    }
    const { session } = await signInByLink(server.admin, 'ben');
    expect(session.expiring_keys).to.deep.equal({ within_7_days: 1, within_30_days: 2 });
  });

  it('refuses a credential that is none in words, and tells in which ways people sign in', async () => {
    const nobody = adminClient(server.admin.url, '');
    for (const body of [{}, { legacy_key: 'x', sign_in_token: 'y' }, { password: 'x' }]) {
      const answer = await nobody.post('/api/v2/sessions', body);
      expect([answer.status, answer.body.message]).to.deep.equal([
        400,
        'the request: must be {legacy_key: KEY} or {sign_in_token: TOKEN}',
      ]);
    }
    const { api_key } = (await server.admin.post('/api/v2/users/ben/v2_keys', {})).body;
    expect((await nobody.post('/api/v2/sessions', { legacy_key: api_key })).status).to.equal(401);
    const { body } = await nobody.get('/api/v2/sign_in_methods');
    expect(body).to.deep.equal({ legacy_key: true, link: true, oidc: null });
  });
});
