import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { meetSignedIn, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('web pages in a browser: keys alone suffice', function () {
  this.timeout(120_000);
  let server: TestServer;
  let browser: Browser;
  let root: Person;

  /** Goes to something by Tab and presses Enter on it. */
  const enters = async (name: string) => {
    await root.tabsTo(name);
    await root.presses('Enter');
  };

  before(async function () {
    browser = await openBrowser(this);
    server = await startServer();
    const origin = `http://127.0.0.1:${server.adminPort}`;
    root = await meetSignedIn(browser, origin, { size: 'desktop', scheme: 'light' }, server.admin.key);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('to make a project and a model', async () => {
    await enters('Create project');
    await root.sees('Create a project');
    await root.page.keyboard.type('fraud');
    await root.presses('Enter');
    await root.sees('fraud', 'heading');
    await enters('Create model');
    await root.sees(/Create a model/);
    await root.page.keyboard.type('scorer');
    await root.presses('Enter');
    await root.sees(/Model scorer is made/);
  });

  it('to make an API key with a day of its own, and to close its panel', async () => {
    await enters('My API keys');
    await root.sees('My API keys', 'heading');
    await enters('Create API key');
    await root.sees(/Create an API key/);
    await root.page.keyboard.type('laptop');
    await enters('90 days');
    await enters('Create API key');
    await root.sees(/shown this once/);
    await enters('Python');
    await enters('I have stored it');
    await root.sees('laptop');
  });

  it('to leave a form by Esc, and to be where one was', async () => {
    await enters('Create API key');
    await root.sees(/Create an API key/);
    await root.presses('Escape');
    await root.tabsTo('Delete all keys');
  });

  it('to delete all keys', async () => {
    await root.presses('Enter');
    await root.sees(/root has 1 API key/);
    await root.page.keyboard.type('root');
    await root.presses('Enter');
    await root.sees(/1 API key of root is deleted/);
  });

  it('to change a setting, to choose in a list, and to sign out', async () => {
    await enters('Settings');
    await root.sees('Settings', 'heading');
    await root.tabsTo('Default API keys expiration in days');
    await root.presses('ControlOrMeta+a');
    await root.page.keyboard.type('30');
    await root.presses('Enter');
    await root.sees(/The settings are saved/);
    await enters('Models');
    await root.sees('Models', 'heading');
    await root.tabsTo('State');
    await root.presses('s');
    await root.sees(/Nothing fits/);
    await enters('Sign out');
    await root.sees('Sign in to Modelgate', 'heading');
    root.requireNoComplaint();
  });
});
