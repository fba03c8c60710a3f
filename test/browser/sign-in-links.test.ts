import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { tokenFor } from '../support/browser.ts';
import { openBrowser } from '../support/chromium.ts';
import { meetPerson, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Runs in the page: who is signed in; undefined: nobody. */
const whoIsSignedIn =
  "fetch('/api/v2/sessions/current').then(answer => answer.json()).then(({ username }) => username)";

describe('web pages in a browser: sign-in links', function () {
  this.timeout(120_000);
  let server: TestServer;
  let browser: Browser;
  let person: Person;
  let origin: string;
  const linkFor = async (username: string) => `#/sign-in?token=${await tokenFor(server.admin, username)}`;
  const follow = (hash: string) => person.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);

  before(async function () {
    browser = await openBrowser(this);
    server = await startServer();
    await server.admin.post('/api/v2/site:apply', { users: [{ username: 'ada' }, { username: 'ben' }] });
    origin = `http://127.0.0.1:${server.adminPort}`;
    person = await meetPerson(browser, origin, { size: 'desktop', scheme: 'light' });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('S9 T27 sign nobody in by themselves: the page asks, and the token is gone from the address', async () => {
    await person.page.goto(`${origin}/${await linkFor('ada')}`);
    await person.sees('Sign in as ada', 'button');
    await person.sees(/This link signs you in as ada/);
    expect(await person.page.evaluate('location.hash')).to.equal('#/sign-in');
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal(undefined);
    expect(await person.barriers()).to.deep.equal([]);
    await person.click('Sign in as ada');
    await person.sees('Projects', 'heading');
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal('ada');
  });

  it('S9 T27 say whose session they would end, and leave it where they are not used', async () => {
    const link = await linkFor('ben');
    await follow(link);
    await person.sees(/using the link ends that session/);
    await person.click('Stay signed in as ada');
    await person.sees('Projects', 'heading');
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal('ada');
    await follow(link);
    await person.click('Sign in as ben');
    await person.sees('Projects', 'heading');
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal('ben');
  });

  it('S9 work in a tab that shows the sign-in page, also after one that was used', async () => {
    await follow('#/sign-in');
    await person.sees('Sign in to Modelgate', 'heading');
    const link = await linkFor('ada');
    await follow(link);
    await person.click('Sign in as ada');
    await person.sees('Projects', 'heading');
    await follow(link);
    await person.sees(/the sign-in link was used/);
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal('ada');
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal('ada');
  });

  it('S9 name the user of the newest link, where one after the other comes to the tab', async () => {
    const [first, second] = [await linkFor('ada'), await linkFor('ben')];
    await follow(first);
    await person.sees('Sign in as ada', 'button');
    await follow(second);
    await person.click('Sign in as ben');
    await person.sees('Projects', 'heading');
    expect(await person.page.evaluate(whoIsSignedIn)).to.equal('ben');
    person.requireNoComplaint();
  });
});
