import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { meetSignedIn, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Pages that users fill: three to the last entry. */
const users = 150;

describe('web pages in a browser: lists of several pages', function () {
  this.timeout(120_000);
  let server: TestServer;
  let browser: Browser;
  let admin: Person;

  before(async function () {
    browser = await openBrowser(this);
    server = await startServer();
    const names = Array.from({ length: users - 1 }, (_, at) => ({ username: `user-${String(at).padStart(3, '0')}` }));
    const key = { key_id: 'seen-in-a-log', username: 'user-003', digest: 'a'.repeat(64) };
    await server.admin.post('/api/v2/site:apply', { users: names, api_keys: [key] });
    const origin = `http://127.0.0.1:${server.adminPort}`;
    admin = await meetSignedIn(browser, origin, { size: 'desktop', scheme: 'light' }, server.admin.key);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => admin.requireNoComplaint());

  it('say which entries they show, that more follow only where more do, and lead on and back', async () => {
    await admin.goesTo('Users');
    await admin.sees('Users 1–50, more follow');
    await admin.click('Next page');
    await admin.sees('Users 51–100, more follow');
    await admin.click('Next page');
    await admin.sees('Users 101–150 of 150');
    expect(await admin.find('button', 'Next page').count()).to.equal(0);
    await admin.takesPicture('list-last-page');
    await admin.click('Previous page');
    await admin.sees('Users 51–100, more follow');
    await admin.page.reload();
    await admin.sees('Users 51–100, more follow');
    await admin.click('First page');
    await admin.sees('Users 1–50, more follow');
    await admin.page.goBack();
    await admin.sees('Users 51–100, more follow');
  });

  it('show the key of somebody else to a site admin who knows how its Key ID begins', async () => {
    await admin.presses('/');
    await admin.page.keyboard.type('seen');
    await admin.sees(/seen-in-a-log API key/);
    await admin.presses('Enter');
    await admin.sees('user-003', 'heading');
    await admin.sees('1 API key');
    await admin.sees(/seen-in-a-log/, 'row');
    await admin.page.goBack();
  });

  it('say all in one number where one page holds it', async () => {
    await admin.types('Find by name or address', 'user-00');
    await admin.sees('10 users');
  });
});
