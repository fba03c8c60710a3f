import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { flagsFor, startProvider, type TestProvider } from '../support/openid-provider.ts';
import { allLooks, meetPerson, meetSignedIn, type Person } from '../support/person.ts';
import { freePort } from '../support/ports.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** What each account at the provider is called there; only ada gets linked to a user here. */
const accounts = { 'sub-ada': { name: 'Ada L.' }, 'sub-eve': { name: 'Eve' } };

/** Signing in at a provider of another site than the server's, so that cookies are kept back as they are between strangers. */
for (const looks of allLooks) {
  describe(`web pages in a browser: signing in at an OpenID provider, ${looks.size}, ${looks.scheme}`, function () {
    this.timeout(120_000);
    let provider: TestProvider;
    let server: TestServer;
    let browser: Browser;
    let ada: Person;
    let origin: string;

    before(async function () {
      browser = await openBrowser(this);
      const port = await freePort();
      origin = `http://127.0.0.1:${port}`;
      provider = await startProvider(`${origin}/api/v2/oidc/callback`, accounts, { host: 'localhost', hasPages: true });
      server = await startServer({ flags: flagsFor(provider, port) });
      await server.admin.post('/api/v2/users', { username: 'ada', name: 'Ada Lovelace' });
      ada = await meetPerson(browser, origin, looks);
      await ada.page.goto(`${origin}/#/keys`);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
      await provider?.close();
    });
    afterEach(() => {
      expect(ada.complaints).to.deep.equal([]);
      expect(ada.foreign.filter(url => !url.startsWith(`${provider.issuer}/`))).to.deep.equal([]);
    });

    const signsInAs = async (person: Person, account: string) => {
      await person.sees('Sign in at Example ID', 'heading');
      await person.types('Account', account);
      await person.click('Continue');
    };

    it('T34 has a site admin say who somebody is at the provider', async () => {
      const admin = await meetSignedIn(browser, origin, looks, server.admin.key);
      await admin.goesTo('Users');
      await admin.click('ada', 'link');
      await admin.sees('linked to nobody');
      await admin.click('Link identity');
      await admin.confirms('Link identity');
      await admin.sees('Subject is needed.');
      await admin.types('Subject', 'sub-eve');
      await admin.presses('Enter');
      await admin.sees('sub-eve');
      await admin.click('Unlink identity');
      await admin.confirms('Unlink identity');
      await admin.sees('linked to nobody');
      await admin.click('Link identity');
      await admin.types('Subject', 'sub-ada');
      await admin.confirms('Link identity');
      await admin.sees('sub-ada');
      await admin.takesPicture('openid-linked');
      expect(await admin.barriers()).to.deep.equal([]);
      expect(await admin.overhang()).to.be.at.most(0);
      admin.requireNoComplaint();
      await admin.leaves();
    });

    it('T34 says that a sign-in was cancelled at the provider, and lets it begin again', async () => {
      await ada.click('Sign in with Example ID', 'link');
      await ada.sees('Sign in at Example ID', 'heading');
      await ada.click('Cancel');
      await ada.sees(/You cancelled at the provider/);
      await ada.takesPicture('openid-cancelled');
      expect(await ada.barriers()).to.deep.equal([]);
    });

    it('T34 says that nobody knows an account here, and asks for another one', async () => {
      await ada.click('Sign in with Example ID', 'link');
      await signsInAs(ada, 'sub-eve');
      await ada.sees(/nobody has said who you are here/);
      await ada.takesPicture('openid-unknown');
      await ada.click('Use another account of Example ID', 'link');
      await ada.sees('Sign in at Example ID', 'heading');
    });

    it('T34 signs in whom the provider names, who sees their own keys', async () => {
      await signsInAs(ada, 'sub-ada');
      await ada.sees('Projects', 'heading');
      await ada.sees('Ada Lovelace', 'link');
      await ada.goesTo('My API keys');
      await ada.sees(/ada has none/);
      await ada.click('Create API key');
      await ada.confirms('Create API key');
      await ada.confirms('I have stored it');
      await ada.sees('1 API key');
      await ada.page.reload();
      await ada.sees('1 API key');
      await ada.takesPicture('openid-keys');
    });

    it('R17 leaves somebody signed in who opens the callback once more', async () => {
      await ada.page.goto(`${origin}/api/v2/oidc/callback?code=used&state=over`);
      await ada.sees('Projects', 'heading');
      await ada.page.reload();
      await ada.sees('Projects', 'heading');
      await ada.goesTo('My API keys');
      await ada.sees('1 API key');
    });

    it('keeps what was typed while somebody whose session ended signs in at the provider', async () => {
      await ada.click('Create API key');
      await ada.types('Comment', 'typed before');
      await ada.page.context().clearCookies({ name: 'modelgate_session' });
      await ada.confirms('Create API key');
      await ada.sees(/Sign in again to go on/);
      const opened = ada.page.context().waitForEvent('page');
      await ada.click(/^Sign in with Example ID/, 'link');
      await (await opened).getByText('Ada Lovelace').waitFor();
      await (await opened).close();
      await ada.seesNoMore(/Sign in again to go on/);
      await ada.confirms('Create API key');
      await ada.confirms('I have stored it');
      await ada.sees('typed before');
    });

    it('ends the session here when somebody signs out, and begins another at the provider', async () => {
      await ada.click('Sign out');
      await ada.sees('Sign in to Modelgate', 'heading');
      await ada.page.reload();
      await ada.sees('Sign in to Modelgate', 'heading');
      await ada.page.goBack();
      await ada.sees('Sign in to Modelgate', 'heading');
      await ada.click('Sign in with Example ID', 'link');
      await ada.sees('Projects', 'heading');
    });
  });
}
