import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { meetPerson, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** What the first page may weigh, in bytes as they go over the wire. */
const weightMax = 100_000;

/** Runs in the page: what was loaded for it, itself included, with its size on the wire in bytes. */
const loadedFiles =
  "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(({ name, transferSize }) => ({ name, transferSize }))";

describe('web pages in a browser: the first page', function () {
  this.timeout(60_000);
  let server: TestServer;
  let browser: Browser;
  let person: Person;
  let origin: string;

  before(async function () {
    browser = await openBrowser(this);
    server = await startServer();
    origin = `http://127.0.0.1:${server.adminPort}`;
    person = await meetPerson(browser, origin, { size: 'desktop', scheme: 'light' });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('weighs less than 100 kB with all that it loads', async () => {
    await person.page.goto(origin);
    await person.sees('Sign in to Modelgate', 'heading');
    const loaded = await person.page.evaluate<{ name: string; transferSize: number }[]>(loadedFiles);
    const assets = loaded.filter(({ name }) => name.includes('/assets/'));
    expect(assets.map(({ name }) => name.slice(name.lastIndexOf('.')))).to.include.members(['.css', '.js']);
    expect(loaded.reduce((sum, { transferSize }) => sum + transferSize, 0)).to.be.within(10_000, weightMax);
  });

  it('lets somebody sign in by keys alone, and says what is wrong beside the field', async () => {
    await person.tabsTo('Legacy API key');
    await person.page.keyboard.type('mgk_thisisanapikey');
    await person.presses('Enter');
    await person.sees(/This is an API key/);
    await person.presses('ControlOrMeta+a');
    await person.page.keyboard.type(server.admin.key);
    await person.presses('Enter');
    await person.sees('Projects', 'heading');
    await person.sees(/A project owns models/);
  });

  it('has no barrier that axe-core knows, asks no other host, and breaks none of its rules', async () => {
    expect(await person.barriers()).to.deep.equal([]);
    person.requireNoComplaint();
  });

  it('ends the session when somebody signs out', async () => {
    await person.click('Sign out');
    await person.sees('Sign in to Modelgate', 'heading');
    await person.page.reload();
    await person.sees('Sign in to Modelgate', 'heading');
    person.requireNoComplaint();
  });
});
