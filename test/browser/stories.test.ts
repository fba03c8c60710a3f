import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { allLooks, meetPerson, meetSignedIn, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

const dayMs = 86_400_000;
const dayIn = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

/** People go through the pages by clicks and keys alone; what one of them made, the next finds. */
for (const looks of allLooks) {
  describe(`web pages in a browser: stories, ${looks.size}, ${looks.scheme}`, function () {
    this.timeout(120_000);
    let server: TestServer;
    let browser: Browser;
    let admin: Person;
    let origin: string;

    before(async function () {
      browser = await openBrowser(this);
      server = await startServer();
      origin = `http://127.0.0.1:${server.adminPort}`;
      admin = await meetSignedIn(browser, origin, looks, server.admin.key);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });
    afterEach(() => admin.requireNoComplaint());

    it('B36 makes a project, a model and a key, and sees the first call succeed', async () => {
      await admin.takesPicture('projects-empty');
      await admin.click('Make a project, a model and a key, and see the first call succeed', 'link');
      await admin.types('Project ID', 'not a name');
      await admin.presses('Enter');
      await admin.sees(/begin with a letter or digit/);
      await admin.types('Project ID', 'fraud-detection');
      await admin.presses('Enter');
      await admin.types('Model ID', 'fraud');
      await admin.presses('Enter');
      await admin.click('30 days');
      await admin.click('Create API key');
      await admin.sees(/It expires on/);
      await admin.sees(new RegExp(`It expires on ${dayIn(30)}`));
      await admin.takesPicture('secret');
      await admin.confirms('I have stored it');
      await admin.click('Make the call');
      await admin.sees(/The call would be let through/);
      await admin.takesPicture('first-call');
    });

    it('B28 B29 makes an API key, shows it once, and names the latest day that is allowed', async () => {
      await admin.goesTo('My API keys');
      await admin.click('Create API key');
      await admin.sees(new RegExp(`The latest allowed is ${dayIn(365)}`));
      await admin.types('Comment', 'laptop');
      await admin.field('Expires at the end of').fill(dayIn(366));
      await admin.confirms('Create API key');
      await admin.sees(new RegExp(`too late: the latest allowed day is ${dayIn(365)}`));
      await admin.click('Latest allowed');
      await admin.takesPicture('create-key');
      await admin.confirms('Create API key');
      const secret = (await admin.top.locator('.secret code').textContent()) ?? '';
      expect(secret).to.match(/^mgk_[0-9A-Za-z]{49}$/);
      for (const language of ['curl', 'Python', 'JavaScript', 'R']) {
        await admin.click(language);
        expect(await admin.top.locator('pre').textContent()).to.contain(secret);
      }
      await admin.presses('Escape', 'Escape');
      await admin.page.mouse.click(3, 3);
      await admin.sees(/closes by its own button only/);
      await admin.click('Copy the key');
      await admin.sees('Copied');
      await admin.confirms('I have stored it');
      await admin.sees('laptop');
      expect(await admin.page.content()).to.not.contain(secret);
      await admin.page.reload();
      await admin.sees('laptop');
      expect(await admin.page.content()).to.not.contain(secret);
    });

    it('B43 B30 rotates a key with an overlap, deletes one, and deletes all after the name was typed', async () => {
      await admin.click(/^Rotate /);
      await admin.chooses('The old key works on for', '1 hour');
      await admin.confirms('Rotate API key');
      await admin.sees(/The key before it works until/);
      await admin.confirms('I have stored it');
      await admin.sees(/replaced by/);
      await admin.takesPicture('my-keys');
      await admin.click(/^Delete (?!all)/);
      await admin.sees(/are refused/);
      await admin.presses('Escape');
      await admin.click(/^Delete (?!all)/);
      await admin.confirms('Delete API key');
      await admin.sees(/is deleted: calls with it are refused/);
      await admin.click('Delete all keys');
      await admin.sees(/0 of them were used in the last 7 days/);
      await admin.takesPicture('delete-all-keys');
      await admin.presses('Enter');
      await admin.sees('Type root to confirm.');
      await admin.types(/Type root/, 'root');
      await admin.presses('Enter');
      await admin.sees(/root (is|are) deleted/);
      await admin.sees(/root has none/);
    });

    it('makes a user and a link, by which the user signs in once', async () => {
      await admin.goesTo('Users');
      await admin.click('Create user');
      await admin.types('User name', 'ben');
      await admin.types('E-mail address', 'nonsense');
      await admin.presses('Tab');
      await admin.sees('This is no e-mail address.');
      await admin.types('E-mail address', 'ben@example.com');
      await admin.types('Name for people', 'Ben');
      await admin.confirms('Create user');
      await admin.sees('Ben', 'heading');
      await admin.click('Make sign-in link');
      await admin.confirms('Make sign-in link');
      const url = (await admin.top.locator('.secret code').textContent()) ?? '';
      await admin.confirms('I have stored it');
      const ben = await meetPerson(browser, origin, looks);
      await ben.page.goto(url);
      await ben.click('Sign in as ben');
      await ben.sees('Projects', 'heading');
      expect(ben.page.url()).to.not.contain('token');
      await ben.sees(/none that you may read yet/);
      ben.requireNoComplaint();
      await ben.leaves();
      const late = await meetPerson(browser, origin, looks);
      await late.page.goto(url);
      await late.sees(/sign-in link was used/);
      await late.leaves();
    });

    it('adds a collaborator and a team to a project, changes what they hold, and removes them', async () => {
      await admin.goesTo('Teams');
      await admin.click('Create team');
      await admin.types('Name', 'crew');
      await admin.presses('Enter');
      await admin.sees('Team crew', 'heading');
      await admin.click('Add member');
      await admin.types('User', 'ben');
      await admin.chooses('Permission', 'write: may change models and see access keys');
      await admin.confirms('Add member');
      await admin.sees(/ben holds write in team crew/);
      await admin.goesTo('Projects');
      await admin.click('fraud-detection', 'link');
      await admin.click('Add user or application');
      await admin.types('User or application', 'nobody');
      await admin.click('Add collaborator');
      await admin.sees(/nobody/);
      await admin.types('User or application', 'ben');
      await admin.confirms('Add collaborator');
      await admin.sees(/ben holds read on the project/);
      await admin.click('Change ben');
      await admin.chooses('Permission', 'admin: may say who else may');
      await admin.confirms('Save permission');
      await admin.sees(/ben holds admin on the project/);
      await admin.click('Add team');
      await admin.types('Team', 'crew');
      await admin.confirms('Add team');
      await admin.sees('what each member holds in the team');
      await admin.takesPicture('project');
      await admin.click('Remove ben');
      await admin.confirms('Remove ben');
      await admin.sees(/ben is removed from the project/);
    });

    it('B34 makes a model without authentication, and enables it for all after showing which', async () => {
      await admin.click('Create model');
      await admin.types('Model ID', 'open');
      await admin.field('Let everybody call it without an API key').click();
      await admin.confirms('Create model');
      await admin.goesTo('Models');
      await admin.click('Enable authentication for all');
      await admin.sees(/1 model has authentication off/);
      await admin.sees('open');
      await admin.takesPicture('enable-all');
      await admin.confirms('Enable for 1 model');
      await admin.sees(/Authentication is enabled for 1 model/);
    });

    it('changes a setting, and says what is wrong with one', async () => {
      await admin.goesTo('Settings');
      await admin.types('Default API keys expiration in days', '4000');
      await admin.presses('Enter');
      await admin.sees(/whole number from 1 to 3,650/);
      await admin.types('Default API keys expiration in days', '90');
      await admin.types('Address of the gateway', 'https://models.example.com');
      await admin.presses('Enter');
      await admin.sees(/The settings are saved/);
      await admin.takesPicture('settings');
    });

    it('B37 finds a change in the audit by who, action and time, and saves it as CSV', async () => {
      await admin.goesTo('Audit');
      await admin.types('Action', 'settings.update');
      await admin.sees(/default_api_key_expiration_days: \S+ -> 90/);
      await admin.sees('1 entry');
      await admin.takesPicture('audit');
      await admin.page.reload();
      await admin.sees('1 entry');
      const download = admin.page.waitForEvent('download');
      await admin.click('Export as CSV');
      const saved = readFileSync(await (await download).path(), 'utf8');
      expect(saved).to.match(
        /^\ufeff"at","revision","actor"[^\r]*\r\n"[^"]+","\d+","root","settings.update"[^\r]*\r\n$/,
      );
    });

    it('finds a project, a user and a Key ID from anywhere by the key /', async () => {
      await admin.presses('/');
      await admin.page.keyboard.type('fraud-det');
      await admin.sees(/fraud-detection project/);
      await admin.presses('Enter');
      await admin.sees('fraud-detection', 'heading');
      await admin.presses('/');
      await admin.page.keyboard.type('ben');
      await admin.sees(/ben user/);
      await admin.presses('ArrowDown', 'Enter');
      await admin.sees('Ben', 'heading');
      await admin.sees('fraud-detection', 'link');
    });

    it('T24 looks for no key that somebody pastes, and keeps it out of the address', async () => {
      await admin.goesTo('Projects');
      const { key } = server.admin;
      const asked: string[] = [];
      admin.page.on('request', request => asked.push(request.url()));
      await admin.types('Find by id or name', key);
      await admin.sees(/This is a key itself/);
      await admin.types('Find by id or name', 'fraud');
      await admin.sees('1 project');
      expect([admin.page.url(), ...asked].filter(url => url.includes(key.slice(0, 20)))).to.deep.equal([]);
      await admin.goesTo('Users');
      await admin.click('ben', 'link');
    });

    it('ends every key of somebody by D, the name and Enter', async () => {
      for (let made = 0; made < 2; made++) {
        await admin.click('Create API key');
        await admin.confirms('Create API key');
        await admin.confirms('I have stored it');
      }
      await admin.sees('2 API keys');
      await admin.takesPicture('user');
      await admin.presses('d');
      await admin.sees(/ben has 2 API keys/);
      await admin.page.keyboard.type('ben');
      await admin.presses('Enter');
      await admin.sees(/2 API keys of ben are deleted/);
    });

    it('B37a deactivates a user, who is signed out and can sign in no more', async () => {
      await admin.click('Deactivate');
      await admin.sees(/is signed out everywhere/);
      await admin.confirms('Deactivate user');
      await admin.sees('deactivated');
      await admin.goesTo('Users');
      await admin.types('Find by name or address', 'be');
      await admin.sees('1 user');
      await admin.takesPicture('users');
    });

    it('deletes a project with its models after its name was typed', async () => {
      await admin.goesTo('Projects');
      await admin.click('fraud-detection', 'link');
      await admin.click('Delete project');
      await admin.sees(/2 models of it are deleted/);
      await admin.types(/Type fraud-detection/, 'fraud-detection');
      await admin.presses('Enter');
      await admin.sees(/Project fraud-detection is deleted/);
    });

    it('keeps the page and what was typed when the session ends, and goes on after signing in again', async () => {
      await admin.click('Create project');
      await admin.types('Project ID', 'kept');
      await admin.page.context().clearCookies();
      await admin.confirms('Create project');
      await admin.sees(/Sign in again to go on/);
      await admin.takesPicture('session-ended');
      await admin.types('Legacy API key', server.admin.key);
      await admin.presses('Enter');
      await admin.confirms('Create project');
      await admin.sees('kept', 'heading');
    });
  });
}
