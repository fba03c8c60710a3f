import { flowCookieOf } from '../../src/admin/oidc/flow-cookie.ts';
import { makeSecret } from '../../src/keys/secret.ts';
import type { AdminClient } from './admin-client.ts';
import { clientWith } from './admin-client.ts';
import { signIn, signInByLink, tokenFor } from './browser.ts';
import type { Canaries } from './canaries.ts';

/**
 * Signs in and out in every way that the server at hand has, and with secrets that nobody has in every place of a
 * sign-in. What is answered to the one whose secret it is holds it; all other answers are answered here.
 */
export async function sendSignIns(canaries: Canaries, admin: AdminClient): Promise<string> {
  const c = canaries;
  const byKey = await signIn(admin.url, { legacy_key: admin.key });
  const byLink = await signInByLink(admin, 'root');
  for (const [how, { cookie, session }] of Object.entries({ 'legacy key': byKey, link: byLink })) {
    c.add(`session by ${how}`, cookie.split('=')[1] ?? '');
    c.add(`csrf token of a session by ${how}`, session.csrf_token);
  }
  const redeemed = c.add('a redeemed link', await tokenFor(admin, 'root'));
  await signIn(admin.url, { sign_in_token: redeemed });
  c.add('a link that nobody redeemed', await tokenFor(admin, 'root'));
  const unknown = c.add('an unknown session', makeSecret('session'));
  const withCookie = (secret: string, token: string) =>
    clientWith(admin.url, { cookie: `modelgate_session=${secret}`, 'x-modelgate-csrf': token });
  const own = byKey.cookie.split('=')[1] ?? '';
  const nobody = clientWith(admin.url, {});
  const answers = [
    await nobody.post('/api/v2/sessions', { legacy_key: c.legacyKey('an unknown legacy key at sign-in') }),
    await nobody.post('/api/v2/sessions', { legacy_key: c.apiKey('an API key at sign-in') }),
    await nobody.post('/api/v2/sessions', { sign_in_token: redeemed }),
    await nobody.post('/api/v2/sessions:preview', { sign_in_token: redeemed }),
    await nobody.post('/api/v2/sessions:preview', { sign_in_token: c.foreign('an unknown token to be looked at') }),
    await nobody.post('/api/v2/sessions', { password: c.foreign('a password at sign-in') }),
    await withCookie(unknown, '').get('/api/v2/sessions/current'),
    await withCookie(own, c.foreign('a wrong csrf token')).post('/api/v2/users', { username: 'x' }),
    await withCookie(own, c.foreign('another wrong csrf token')).delete('/api/v2/sessions/current'),
    await byKey.client.get('/api/v2/users'),
    await byKey.client.post('/api/v2/users', { username: own }),
    await byLink.client.delete('/api/v2/sessions/current'),
  ];
  const state = c.foreign('state');
  const callback = `/api/v2/oidc/callback?code=${c.foreign('code')}&state=${state}`;
  const headers = { cookie: `${flowCookieOf(state, false).name}=${c.foreign('flow cookie')}` };
  const sentBack = await fetch(admin.url + callback, { headers, redirect: 'manual' });
  const told = answers.map(
    ({ status, headers: got, body }) => `${status} ${JSON.stringify([...got])} ${JSON.stringify(body)}`,
  );
  return [...told, JSON.stringify([...sentBack.headers])].join('\n');
}
