import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { type Looks, meetPerson, meetSignedIn, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Every page, and every dialog by the address that opens it, with a text that is there once all is loaded. */
const places: Readonly<Record<string, RegExp>> = {
  '#/projects': /1 project/,
  '#/projects?do=create-project': /Name of the owner/,
  '#/projects?search=nothing-like-this': /Nothing fits/,
  '#/projects/p': /2 collaborators/,
  '#/projects/p?do=edit-project': /Save project/,
  '#/projects/p?do=create-model': /Let everybody call it/,
  '#/projects/p?do=put-collaborator': /Add collaborator/,
  '#/projects/p?do=put-team&on=crew&was=read': /Save team/,
  '#/projects/nowhere': /project nowhere/i,
  '#/projects/p/models/fraud': /No gateway is set/,
  '#/projects/p/models/fraud?do=edit-model': /Save model/,
  '#/projects/p/models/open': /stopped: its calls are refused/,
  '#/start': /A project, which owns models/,
  '#/start?project=p&model=fraud': /An API key, which says who calls/,
  '#/keys': /3 API keys/,
  '#/keys?do=create-key': /Only for these models/,
  '#/keys?do=rotate-key&on=soon': /A successor is made/,
  '#/applications': /1 application/,
  '#/applications?do=create-application': /Create an application/,
  '#/applications/robot': /has none/,
  '#/teams': /1 team/,
  '#/teams?do=create-team': /Create a team/,
  '#/teams/crew': /1 member/,
  '#/teams/crew?do=put-member': /Add a member/,
  '#/live': /Changes in this time/,
  '#/live?range=1d': /Changes in this time/,
  '#/explain': /None that you may see/,
  '#/explain?model=fraud': /Refused with 401/,
  '#/explain?request_id=of-no-call': /Nothing is known of this call here/,
  '#/users': /3 users/,
  '#/users?do=create-user': /Site admin: may manage everything/,
  '#/users/ben': /has none/,
  '#/users/ben?do=edit-user': /Save user/,
  '#/models': /2 models/,
  '#/models?do=enable-all': /1 model has authentication off/,
  '#/settings': /Address of the gateway/,
  '#/audit': /entries/,
  '#/sidecars': /None is connected/,
  '#/no/such/page': /There is no such page/,
};

const looksTried: readonly Looks[] = [
  { size: 'desktop', scheme: 'light' },
  { size: 'phone', scheme: 'dark' },
];

for (const looks of looksTried) {
  describe(`web pages in a browser: every page, ${looks.size}, ${looks.scheme}`, function () {
    this.timeout(300_000);
    let server: TestServer;
    let browser: Browser;
    let root: Person;
    let origin: string;

    before(async function () {
      browser = await openBrowser(this);
      server = await startServer();
      origin = `http://127.0.0.1:${server.adminPort}`;
      await server.admin.post('/api/v2/site:apply', site());
      root = await meetSignedIn(browser, origin, looks, server.admin.key);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    it('has no barrier that axe-core knows, is no wider than the window, and breaks none of the browser’s rules', async () => {
      const found: string[] = [];
      for (const [address, shown] of Object.entries(places)) {
        await root.opens(`${origin}/${address}`, shown);
        await root.takesPicture(`page${address.replace(/[^a-z-]+/g, '-')}`);
        found.push(...(await root.barriers()).map(barrier => `${address}: ${barrier}`));
        const overhang = await root.overhang();
        found.push(...(overhang > 0 ? [`${address}: ${overhang} pixels too wide`] : []));
      }
      expect(found).to.deep.equal([]);
      root.requireNoComplaint();
    });

    it('sends whoever is not signed in to the sign-in page, which has no barrier', async () => {
      const stranger = await meetPerson(browser, origin, looks);
      await stranger.page.goto(`${origin}/#/users`);
      await stranger.sees('Sign in to Modelgate', 'heading');
      await stranger.takesPicture('sign-in');
      expect(await stranger.barriers()).to.deep.equal([]);
      stranger.requireNoComplaint();
      await stranger.leaves();
    });
  });
}

function site(): object {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const key = (key_id: string, digit: string, days: number) => ({
    key_id,
    username: 'root',
    digest: digit.repeat(64),
    expiry_date: inDays(days),
  });
  return {
    users: [
      { username: 'ben', name: 'Ben' },
      { username: 'gone', deactivated: true },
    ],
    applications: [{ name: 'robot', owner: 'root' }],
    teams: [{ team: 'crew', members: [{ username: 'ben', permission: 'read' }] }],
    projects: [
      {
        project_id: 'p',
        name: 'Fraud detection',
        owner: { username: 'root' },
        collaborators: [{ username: 'ben', permission: 'write' }],
        team_collaborators: [{ team: 'crew', mode: 'override', permission: 'read' }],
        models: [{ model_id: 'fraud' }, { model_id: 'open', auth_enabled: false, state: 'stopped' }],
      },
    ],
    api_keys: [key('soon', 'a', 3), key('later', 'b', 20), key('past', 'c', -3)],
  };
}
