import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { type Gateway, startGateway } from '../support/envoy.ts';
import { allLooks, meetSignedIn, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** From a site without anything to a call that a real Envoy carried to a model. */
for (const looks of allLooks) {
  describe(`web pages in a browser: the first call through a gateway, ${looks.size}, ${looks.scheme}`, function () {
    this.timeout(120_000);
    let server: TestServer;
    let gateway: Gateway;
    let browser: Browser;
    let admin: Person;

    before(async function () {
      browser = await openBrowser(this);
      server = await startServer();
      gateway = await startGateway({ check: server.checkPort, models: ['fraud'] });
      admin = await meetSignedIn(browser, `http://127.0.0.1:${server.adminPort}`, looks, server.admin.key);
    });
    after(async () => {
      await browser?.close();
      await gateway?.close();
      await server?.close();
    });
    afterEach(() => admin.requireNoComplaint());

    const fact = (name: string) => admin.top.locator(`dt:text-is("${name}") + dd`).textContent();

    /** The four steps by clicks and keys, from the list of projects. */
    const walks = async (project: string, model: string) => {
      await admin.goesTo('Projects');
      await admin.click('First call in four steps', 'link');
      await admin.types('Project ID', project);
      await admin.presses('Enter');
      await admin.types('Model ID', model);
      await admin.presses('Enter');
      await admin.types('Comment', 'my first');
      await admin.presses('Enter');
      await admin.confirms('I have stored it');
      await admin.click('Make the call');
    };

    it('says where the gateway is', async () => {
      await admin.goesTo('Settings');
      await admin.types('Address of the gateway', gateway.url);
      await admin.presses('Enter');
      await admin.sees(/The settings are saved/);
    });

    it('B36 makes a project, a model and a key, and sees with which code and by which replica the call was answered', async () => {
      await walks('risk', 'fraud');
      await admin.sees('The call succeeded.');
      expect([await fact('Code'), await fact('Replica ID')]).to.deep.equal(['200', gateway.models['fraud']?.replicaId]);
      const entry = gateway.accessLog().find(({ path }) => path === '/model');
      expect(entry).to.include({ code: 200, model: 'fraud', principal: 'root', decision: 'allow' });
      await admin.takesPicture('first-call-gateway');
      expect(await admin.barriers()).to.deep.equal([]);
      expect(await admin.overhang()).to.be.at.most(0);
    });

    it('B36 says that a call was let through, and asks for what may be missing where no model stands behind it', async () => {
      await walks('later', 'not-there-yet');
      await admin.sees('The call was answered with 503.');
      await admin.sees(/let through, and answered with 503: does the model run/);
      expect(await fact('Reason')).to.equal('authorized');
      await admin.takesPicture('first-call-no-model');
    });

    it('says that no answer came once the gateway is gone', async () => {
      await gateway.close();
      await admin.click('Make the call again');
      await admin.sees(/The call got no answer/);
      await admin.sees(/can't be reached/);
    });
  });
}
