import { join } from 'node:path';
import { expect } from 'chai';
import { firstSignIn, init, recover } from '../../src/assemble.ts';
import { createFirstAdmin } from '../../src/server/first-admin.ts';
import { ownAuthor, recoveryAuthor } from '../../src/store/own-author.ts';
import { shellWord } from '../../src/words/shell-word.ts';
import { adminClient } from '../support/admin-client.ts';
import { signIn } from '../support/browser.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { serveAgain } from '../support/server.ts';
import { openSqlite } from '../support/store.ts';
import { until } from '../support/until.ts';

const origin = 'http://127.0.0.1:9192';
const tokenOf = (url = '') => url.split('#/sign-in?token=')[1] ?? '';

describe('T35 the first site admin', () => {
  it('is one, of ten setups of one data directory at once', async () => {
    const directory = dataDirectory();
    const setups = Array.from({ length: 10 }, (_, n) => init(directory, `admin-${n}`));
    const made = (await Promise.allSettled(setups)).filter(({ status }) => status === 'fulfilled');
    expect(made).to.have.length(1);
    const store = await openSqlite(directory);
    expect(await store.read.countActiveSiteAdmins()).to.equal(1);
    await store.close();
  });

  it('is one, of 100 setups of one open store at once', async () => {
    const store = await openSqlite(dataDirectory());
    const setups = Array.from({ length: 100 }, (_, n) => createFirstAdmin(store, `admin-${n}`, Date.now()));
    const made = (await Promise.allSettled(setups)).filter(({ status }) => status === 'fulfilled');
    expect([made.length, await store.read.countActiveSiteAdmins()]).to.deep.equal([1, 1]);
    await store.close();
  });

  it('is told of in the audit once, its key once; a user that is made later has no key that was shown', async () => {
    const directory = dataDirectory();
    const server = await serveAgain(directory, { key: await init(directory, 'root') });
    await server.admin.post('/api/v2/users', { username: 'ada' });
    await server.admin.post('/api/v2/site:apply', { users: [{ username: 'ben' }] });
    const { body } = await server.admin.get('/api/v2/audit_events');
    await server.close();
    const events: { action: string; target: string }[] = body.audit_events;
    expect(events.map(({ action, target }) => `${action} ${target}`)).to.have.members([
      'user.create root',
      'legacy_key.rotate root',
      'user.create ada',
      'user.create ben',
    ]);
  });

  it('signs in by the link of the setup, once; from then on no start makes another', async () => {
    const directory = dataDirectory();
    const key = await init(directory, 'root');
    const link = await firstSignIn(directory, origin);
    expect(link).to.include({ username: 'root' });
    expect(link?.url).to.match(/^http:\/\/127\.0\.0\.1:9192\/#\/sign-in\?token=mgs_\w{49}$/);
    const server = await serveAgain(directory, { key });
    const again = await server.firstSignIn(origin);
    const { session } = await signIn(server.admin.url, { sign_in_token: tokenOf(link?.url) });
    expect(session).to.include({ username: 'root', site_admin: true, sign_in_method: 'link' });
    expect(await server.firstSignIn(origin)).to.equal(undefined);
    // One that was shown before is as good as ever; it ends with its ten minutes.
    expect((await signIn(server.admin.url, { sign_in_token: tokenOf(again?.url) })).session.username).to.equal('root');
    const { body } = await server.admin.get('/api/v2/audit_events?action=sign_in_link.create');
    expect(body.audit_events.map(({ actor }: { actor: string }) => actor)).to.deep.equal([ownAuthor, ownAuthor]);
    expect(server.logged.join('')).to.not.contain('mgs_');
    await server.close();
  });

  it('R04 signs in by no new link where who signed in is told by the archive alone', async () => {
    const data = dataDirectory();
    const key = await init(data, 'root');
    const link = await firstSignIn(data, origin);
    const before = await serveAgain(data, { key });
    await signIn(before.admin.url, { sign_in_token: tokenOf(link?.url) });
    await before.close();
    const server = await serveAgain(data, { key }, { flags: { 'audit-entries-max': '1' } });
    const signIns = '/api/v2/audit_events?action=session.create';
    await until('it is archived', async () => (await server.admin.get(signIns)).body.audit_events.length === 0);
    const again = await server.firstSignIn(origin);
    await server.close();
    expect([again, await firstSignIn(data, origin)]).to.deep.equal([undefined, undefined]);
  });

  it('is nobody who comes first to a server that has none: it does not start', async () => {
    const fault = await serveAgain(dataDirectory(), undefined).catch(error => error);
    expect(fault.message).to.match(/^this site has no admin yet: run `modelgate init/);
  });

  it('O19 is made by a command that can be pasted, whatever the data directory is called', async () => {
    const directory = join(dataDirectory(), "Bob's models");
    const fault = await serveAgain(directory, undefined).catch(error => error);
    expect(fault.message)
      .to.contain(`--data ${shellWord(directory)}\``)
      .and.to.contain("'\\''");
  });

  it('is not made by signing in: without a credential nothing is opened', async () => {
    const directory = dataDirectory();
    const server = await serveAgain(directory, { key: await init(directory, 'root') });
    const nobody = adminClient(server.admin.url, '');
    for (const credential of [{ legacy_key: '' }, { legacy_key: 'admin' }, { sign_in_token: '' }]) {
      expect((await nobody.post('/api/v2/sessions', credential)).status).to.equal(401);
    }
    await server.close();
  });
});

describe('T35 a site admin whose legacy key is lost', () => {
  it('gets a new one from whoever holds the data directory; the old one and its sessions end, and the audit says so', async () => {
    const data = dataDirectory();
    const lost = await init(data, 'root');
    const link = await firstSignIn(data, origin);
    const key = await recover(data, 'root');
    const server = await serveAgain(data, { key });
    const old = await adminClient(server.admin.url, lost).get('/api/v2/users/root');
    const opened = await signIn(server.admin.url, { sign_in_token: tokenOf(link?.url) }).catch(() => 'refused');
    const { body } = await server.admin.get('/api/v2/audit_events?action=legacy_key.rotate');
    await server.close();
    expect([old.status, opened]).to.deep.equal([401, 'refused']);
    expect(body.audit_events[0]).to.include({ actor: recoveryAuthor, target: 'root' });
  });

  it('gets none while a server runs, where no store is, and where the user is none: nothing is changed then', async () => {
    const data = dataDirectory();
    const server = await serveAgain(data, { key: await init(data, 'root') });
    await server.admin.post('/api/v2/users', { username: 'ada' });
    const running = await recover(data, 'root').catch(fault => fault.code);
    await server.close();
    const missing = await recover(dataDirectory(), 'root').catch(fault => fault.code);
    expect([running, missing]).to.deep.equal(['in_use', 'not_found']);
    for (const name of ['ada', 'eve']) {
      expect(await recover(data, name).catch(fault => fault.message)).to.equal(
        `${name} is no active site admin of this site: name one who is: root`,
      );
    }
  });
});
