import { expect } from 'chai';
import { flowCookieOf } from '../../../src/admin/oidc/flow-cookie.ts';
import { makeSecret } from '../../../src/keys/secret.ts';
import { clientWith } from '../../support/admin-client.ts';
import { signIn } from '../../support/browser.ts';
import { OidcBrowser } from '../../support/oidc-browser.ts';
import { flagsFor, resigned, startProvider, type Tamper, type TestProvider } from '../../support/openid-provider.ts';
import { freePort } from '../../support/ports.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const api = '/api/v2';
const accounts = {
  'sub-ada': { preferred_username: 'ada', name: 'Ada L.', email: 'ada@example.org', email_verified: true },
  'sub-root': { preferred_username: 'root', name: 'Not Root', email: 'root@example.org', email_verified: true },
  'sub-system': { preferred_username: 'System', name: 'S' },
  'sub-like-root': { preferred_username: 'ROOT', name: 'R' },
  'sub-own': { preferred_username: 'modelgate:system', name: 'M' },
  'sub-corp': { preferred_username: 'CORP\\jane', name: 'J' },
  'sub-odd': { preferred_username: 'Od d/../x', name: 'Odd', email: 'no address' },
};

describe('signing in by OpenID Connect', function () {
  this.timeout(20_000);
  let provider: TestProvider;
  let server: TestServer;
  let origin: string;
  let port: number;
  let now = Date.now();

  before(async () => {
    port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    provider = await startProvider(`${origin}${api}/oidc/callback`, accounts);
  });
  after(() => provider.close());
  beforeEach(() => {
    now = Date.now();
    Object.assign(provider, { account: 'sub-ada', isDeclined: false, tamper: undefined });
  });

  async function start(flags: Record<string, string> = {}): Promise<void> {
    server = await startServer({ now: () => now, flags: { ...flagsFor(provider, port), ...flags } });
    await server.admin.post(`${api}/users`, { username: 'ada', email: 'ada@example.org' });
  }

  const link = (username: string, subject: string) =>
    server.admin.put(`${api}/users/${username}/oidc_identity`, { subject });
  const isOurs = (url: string) => url.startsWith(`${origin}/#/`);
  const isCallback = (url: string) => url.startsWith(`${origin}${api}/oidc/callback`);
  const begin = `/oidc/sign_in`;
  /** Walks the whole way; answers where it ends. */
  const walk = (browser: OidcBrowser) => browser.follow(`${origin}${api}${begin}`, isOurs);
  const session = async (browser: OidcBrowser) =>
    clientWith(origin, { cookie: browser.cookieHeader(`${origin}${api}/x`) }).get(`${api}/sessions/current`);

  describe('people', () => {
    afterEach(() => server.close());

    it('T34 signs in whom a site admin has linked by issuer and subject', async () => {
      await start();
      expect((await server.admin.get(`${api}/sign_in_methods`)).body.oidc).to.deep.equal({ name: 'Example ID' });
      expect((await link('ada', 'sub-ada')).body).to.deep.equal({ issuer: provider.issuer, subject: 'sub-ada' });
      const browser = new OidcBrowser();
      expect(await walk(browser)).to.equal(`${origin}/#/`);
      const { body, status } = await session(browser);
      expect([status, body.username, body.sign_in_method]).to.deep.equal([200, 'ada', 'oidc']);
      expect(browser.cookieHeader(`${origin}${api}/oidc/callback`)).to.not.contain('modelgate_oidc');
      const { audit_events } = (await server.admin.get(`${api}/audit_events?action=session.create`)).body;
      const details = { sign_in_method: 'oidc', issuer: provider.issuer, subject: 'sub-ada' };
      expect(audit_events[0]).to.deep.include({ actor: 'ada', target: 'ada', details });
    });

    it('T34 links nobody by name or e-mail address', async () => {
      await start();
      const browser = new OidcBrowser();
      expect(await walk(browser)).to.equal(`${origin}/#/sign-in?error=unknown_identity`);
      expect((await session(browser)).status).to.equal(401);
      expect(server.logged.join('')).to.contain('"subject":"sub-ada"').and.to.contain('unknown_identity');
    });

    it('T34 B49 T58 S7 makes users without rights of unknown identities where that is set, and never one that is there', async () => {
      await start({ 'oidc-create-users': 'true' });
      for (const [account, username] of [
        ['sub-root', /^oidc-[0-9a-f]{12}$/],
        ['sub-odd', /^oidc-[0-9a-f]{12}$/],
        ['sub-system', /^oidc-[0-9a-f]{12}$/],
        ['sub-like-root', /^oidc-[0-9a-f]{12}$/],
        ['sub-own', /^oidc-[0-9a-f]{12}$/],
        ['sub-corp', /^CORP\\jane$/],
        ['sub-ada', /^oidc-[0-9a-f]{12}$/],
      ] as const) {
        provider.account = account;
        const browser = new OidcBrowser();
        expect(await walk(browser)).to.equal(`${origin}/#/`);
        const first = (await session(browser)).body;
        expect(first.username).to.match(username);
        expect(first).to.include({ site_admin: false, name: accounts[account].name });
        const again = new OidcBrowser();
        await walk(again);
        expect((await session(again)).body.username).to.equal(first.username);
      }
      await server.admin.delete(`${api}/users/ada`);
      expect((await server.admin.get(`${api}/users?search_filter=oidc-`)).body.users).to.have.length(6);
    });

    it('T34 names a new user as the provider does where nobody has that name', async () => {
      await start({ 'oidc-create-users': 'true' });
      await server.admin.delete(`${api}/users/ada`);
      const browser = new OidcBrowser();
      await walk(browser);
      expect((await session(browser)).body).to.include({ username: 'ada', name: 'Ada L.' });
      expect((await server.admin.get(`${api}/users/ada`)).body.email).to.equal('ada@example.org');
    });

    it('T34 tells a sign-in that was cancelled at the provider from one that went wrong', async () => {
      await start();
      await link('ada', 'sub-ada');
      provider.isDeclined = true;
      const browser = new OidcBrowser();
      expect(await walk(browser)).to.equal(`${origin}/#/sign-in?error=cancelled`);
      expect((await session(browser)).status).to.equal(401);
    });

    it('T34 has the provider ask somebody that it knows, where another account is wanted', async () => {
      await start();
      const promptOf = async (query: string) => {
        const { location } = await new OidcBrowser().open(`${origin}${api}${begin}${query}`);
        return new URL(location ?? '').searchParams.get('prompt');
      };
      expect([await promptOf(''), await promptOf('?prompt=login')]).to.deep.equal([null, 'login']);
      expect((await server.admin.get(`${api}${begin}?prompt=none`)).status).to.equal(400);
    });

    it('B37a signs in nobody who is deactivated, and ends the session with the link', async () => {
      await start();
      await link('ada', 'sub-ada');
      const browser = new OidcBrowser();
      await walk(browser);
      await server.admin.delete(`${api}/users/ada/oidc_identity`);
      expect((await session(browser)).status).to.equal(401);
      await link('ada', 'sub-ada');
      await server.admin.patch(`${api}/users/ada`, { deactivated: true });
      expect(await walk(new OidcBrowser())).to.equal(`${origin}/#/sign-in?error=deactivated`);
    });

    it('T34 gives an identity to one user only, and opens no other site admin by it', async () => {
      await start();
      await server.admin.post(`${api}/users`, { username: 'ben' });
      await server.admin.post(`${api}/users`, { username: 'chief', site_admin: true });
      expect((await link('ada', 'sub-1')).status).to.equal(200);
      expect((await link('ben', 'sub-1')).status).to.equal(409);
      expect((await link('chief', 'sub-2')).status).to.equal(403);
      expect((await link('root', 'sub-2')).status).to.equal(200);
    });

    it('T34 starts without the provider, says so on the sign-in page, and lets others in as ever', async () => {
      const free = await freePort();
      await start({ 'oidc-issuer': `http://127.0.0.1:${free}` });
      expect(await new OidcBrowser().follow(`${origin}${api}${begin}`, isOurs)).to.equal(
        `${origin}/#/sign-in?error=provider_unavailable`,
      );
      const byKey = await signIn(origin, { legacy_key: server.admin.key });
      expect((await byKey.client.get(`${api}/users`)).status).to.equal(200);
    });
  });

  /** A flow up to where the provider sends the browser back to. */
  const toCallback = async (browser = new OidcBrowser()) => {
    const url = new URL(await browser.follow(`${origin}${api}${begin}`, isCallback));
    return { browser, url };
  };
  const flowCookieNameOf = (state: string) => flowCookieOf(state, false).name;
  const flowCookie = (callback: URL) => flowCookieNameOf(callback.searchParams.get('state') ?? '');

  it('T27 T34 keeps a flow over TLS in a cookie that no other host can set, and looks for it in no other', async () => {
    await start({ 'admin-url': `https://127.0.0.1:${port}` });
    const { response, location = '' } = await new OidcBrowser().open(`${origin}${api}${begin}`);
    const set = response.headers.get('set-cookie') ?? '';
    const state = new URL(location).searchParams.get('state');
    const cleared = async (cookie: string) => {
      const callback = `${origin}${api}/oidc/callback?code=x&state=${state}`;
      return (await new OidcBrowser().open(callback, { headers: { cookie } })).response.headers.get('set-cookie');
    };
    const [cookie = ''] = set.split(';');
    const [planted, own] = [await cleared(cookie.replace('__Host-', '')), await cleared(cookie)];
    await server.close();
    expect(set).to.match(/^__Host-modelgate_oidc_\w{16}=[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect([planted, own?.startsWith(`${cookie.split('=')[0]}=;`)]).to.deep.equal([null, true]);
  });

  describe('many at once', () => {
    beforeEach(async () => {
      await start();
      await link('ada', 'sub-ada');
    });
    afterEach(() => server.close());

    it('T34 signs in two tabs of one browser, whichever comes back first', async () => {
      const browser = new OidcBrowser();
      const [first, second] = [await toCallback(browser), await toCallback(browser)];
      expect((await browser.open(second.url.href)).location).to.equal(`${origin}/#/`);
      expect((await browser.open(first.url.href)).location).to.equal(`${origin}/#/`);
      expect((await session(browser)).body.username).to.equal('ada');
    });

    it('R17 leaves who is signed in alone where the address is opened once more', async () => {
      const { browser, url } = await toCallback();
      expect((await browser.open(url.href)).location).to.equal(`${origin}/#/`);
      expect((await browser.open(url.href)).location).to.equal(`${origin}/#/`);
      expect((await session(browser)).status).to.equal(200);
      const stranger = await new OidcBrowser().open(url.href);
      expect(stranger.location).to.equal(`${origin}/#/sign-in?error=not_confirmed`);
      await server.admin.post(`${api}/users/ada/v1_key:rotate`);
      expect((await browser.open(url.href)).location).to.equal(`${origin}/#/sign-in?error=not_confirmed`);
    });

    it('T34 keeps some flows of a browser alone, the newest', async () => {
      const browser = new OidcBrowser();
      const flows = [];
      for (let n = 0; n < 10; n += 1) {
        now += 1;
        flows.push(await toCallback(browser));
      }
      const cookies = flows.map(({ url }) => browser.cookie(flowCookie(url)) !== undefined);
      expect(cookies).to.deep.equal(Array.from({ length: 10 }, (_, n) => n >= 2));
    });

    it('T54 lets an address that failed often sign in, and counts nobody who comes back without having begun', async () => {
      const { browser, url } = await toCallback();
      for (let n = 0; n < 100; n += 1) {
        const { location } = await new OidcBrowser().open(url.href);
        expect(location).to.equal(`${origin}/#/sign-in?error=not_confirmed`);
      }
      const guess = () => clientWith(origin, {}).post(`${api}/sessions`, { legacy_key: makeSecret('legacy_key') });
      expect((await guess()).status).to.equal(401);
      let status = 0;
      while (status !== 429) {
        status = (await guess()).status;
      }
      expect((await browser.open(url.href)).location).to.equal(`${origin}/#/`);
      expect(await walk(new OidcBrowser())).to.equal(`${origin}/#/`);
    });
  });

  describe('T34 refuses a flow that was tampered with', () => {
    const refusedPage = /\/#\/sign-in\?error=(not_confirmed|unknown_identity)$/;
    /** Comes back with another state, and a cookie that is looked for by it. */
    const changeState = ({ browser, url }: { browser: OidcBrowser; url: URL }, state: string) => {
      browser.setCookie(flowCookie(url), browser.cookie(flowCookie(url)), flowCookieNameOf(state));
      url.searchParams.set('state', state);
    };
    const end = async ({ browser, url }: { browser: OidcBrowser; url: URL }) => {
      const { location } = await browser.open(url.href);
      expect(location, url.pathname).to.match(refusedPage);
      expect((await session(browser)).status).to.equal(401);
    };
    const idToken =
      (
        change: (claims: Record<string, unknown>) => Record<string, unknown>,
        how: 'key' | 'otherKey' = 'key',
        head = {},
      ): Tamper =>
      tokens => ({ ...tokens, id_token: resigned(String(tokens['id_token']), change, provider[how], head) });
    const same = (claims: Record<string, unknown>) => claims;
    const without = (name: string) => (claims: Record<string, unknown>) => ({ ...claims, [name]: undefined });

    const onTheWay: Record<string, (flow: { browser: OidcBrowser; url: URL }) => unknown> = {
      'without the cookie of the flow': ({ browser, url }) => browser.setCookie(flowCookie(url), undefined),
      'with an empty cookie': ({ browser, url }) => browser.setCookie(flowCookie(url), ''),
      'with a cookie without its mark': ({ browser, url }) =>
        browser.setCookie(flowCookie(url), browser.cookie(flowCookie(url))?.split('.')[0]),
      'with a cookie whose values were changed': ({ browser, url }) => {
        const [text = '', mark] = (browser.cookie(flowCookie(url)) ?? '').split('.');
        const flow = JSON.parse(Buffer.from(text, 'base64url').toString());
        const changed = Buffer.from(JSON.stringify({ ...flow, state: 'mine' })).toString('base64url');
        browser.setCookie(flowCookie(url), `${changed}.${mark}`, flowCookieNameOf('mine'));
        url.searchParams.set('state', 'mine');
      },
      'with the cookie of another flow': async ({ browser, url }) => {
        const other = await toCallback();
        browser.setCookie(flowCookie(url), other.browser.cookie(flowCookie(other.url)));
      },
      'after ten minutes': () => {
        now += 600_000;
      },
      'without state': ({ url }) => url.searchParams.delete('state'),
      'with an empty state': flow => changeState(flow, ''),
      'with another state': flow => changeState(flow, 'x'.repeat(43)),
      'with two states': ({ url }) => url.searchParams.append('state', 'x'),
      'with the verifier as state': flow => {
        const [text = ''] = (flow.browser.cookie(flowCookie(flow.url)) ?? '').split('.');
        changeState(flow, JSON.parse(Buffer.from(text, 'base64url').toString()).verifier);
      },
      'without a code': ({ url }) => url.searchParams.delete('code'),
      'with a code that was made up': ({ url }) => url.searchParams.set('code', 'x'.repeat(43)),
      'with two codes': ({ url }) => url.searchParams.append('code', 'x'),
      'with the code of another flow': async ({ url }) => {
        const other = await toCallback();
        url.searchParams.set('code', other.url.searchParams.get('code') ?? '');
      },
      'with a code that was redeemed': async ({ browser, url }) => {
        const cookie = browser.cookie(flowCookie(url));
        await browser.open(url.href);
        browser.setCookie('modelgate_session', undefined);
        const later = await toCallback(browser);
        browser.setCookie(flowCookie(later.url), cookie, flowCookie(url));
      },
      'from another issuer': ({ url }) => url.searchParams.set('iss', 'https://evil.example.org'),
      'without an issuer': ({ url }) => url.searchParams.delete('iss'),
      'with an error beside the code': ({ url }) => url.searchParams.set('error', 'server_error'),
    };
    const inTokens: Record<string, Tamper> = {
      'without an ID token': ({ id_token: _, ...tokens }) => tokens,
      'with the nonce of another flow': tokens => idToken(claims => ({ ...claims, nonce: 'other' }))(tokens),
      'without a nonce': tokens => idToken(without('nonce'))(tokens),
      'with the state as nonce': tokens => idToken(claims => ({ ...claims, nonce: 'x'.repeat(43) }))(tokens),
      'for another client': tokens => idToken(claims => ({ ...claims, aud: 'other' }))(tokens),
      'for two clients, authorized for the other': tokens =>
        idToken(claims => ({ ...claims, aud: ['modelgate', 'other'], azp: 'other' }))(tokens),
      'of another issuer': tokens => idToken(claims => ({ ...claims, iss: 'https://evil.example.org' }))(tokens),
      'that has expired': tokens => idToken(claims => ({ ...claims, exp: 1_700_000_000 }))(tokens),
      'that never expires': tokens => idToken(without('exp'))(tokens),
      'without a subject': tokens => idToken(without('sub'))(tokens),
      'of another subject': tokens => idToken(claims => ({ ...claims, sub: 'sub-eve' }))(tokens),
      'signed by another key': tokens => idToken(same, 'otherKey')(tokens),
      'signed by a key that nobody knows': tokens => idToken(same, 'otherKey', { kid: 'key-2' })(tokens),
      'that says it is not signed': tokens => idToken(same, 'key', { alg: 'none' })(tokens),
      'that says it is signed by the secret': tokens => idToken(same, 'key', { alg: 'HS256' })(tokens),
      'whose text was changed': tokens => ({ ...tokens, id_token: `x${tokens['id_token']}` }),
      'with an error': () => ({ status: 400, text: '{"error":"invalid_grant"}' }),
      'with something else than JSON': () => ({ status: 200, text: '<html>' }),
    };

    /** A server of its own for each group: it would let this address wait after 30 refusals. */
    const withServer = (title: string, tests: () => void) =>
      describe(title, () => {
        before(async () => {
          await start();
          await link('ada', 'sub-ada');
        });
        after(() => server.close());
        tests();
      });

    withServer('on its way back', () => {
      for (const [how, tamper] of Object.entries(onTheWay)) {
        it(how, async () => {
          const flow = await toCallback();
          await tamper(flow);
          await end(flow);
        });
      }

      it('that is not: it signs in', async () => {
        expect(await walk(new OidcBrowser())).to.equal(`${origin}/#/`);
      });
    });

    withServer('in the tokens: with one', () => {
      for (const [how, tamper] of Object.entries(inTokens)) {
        it(how, async () => {
          provider.tamper = tamper;
          await end(await toCallback());
        });
      }

      it('that was only written anew: it signs in', async () => {
        provider.tamper = idToken(same);
        expect(await walk(new OidcBrowser())).to.equal(`${origin}/#/`);
      });
    });
  });
});
