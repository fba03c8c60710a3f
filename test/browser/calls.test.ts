import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { bearer, bodyOf, churnPath, type GatewaySite, startGatewaySite } from '../support/gateway-site.ts';
import { allLooks, meetSignedIn, type Person } from '../support/person.ts';

/** Whoever owns a model, calls it or watches it, in front of the pages, with a real Envoy and two models behind them. */
for (const looks of allLooks) {
  describe(`web pages in a browser: models, calls and their reasons, ${looks.size}, ${looks.scheme}`, function () {
    this.timeout(120_000);
    let at: GatewaySite;
    let browser: Browser;
    let admin: Person;
    let origin: string;

    before(async function () {
      browser = await openBrowser(this);
      at = await startGatewaySite();
      await at.server.admin.patch('/api/v2/settings', { gateway_url: at.gateway.url });
      origin = `http://127.0.0.1:${at.server.adminPort}`;
      admin = await meetSignedIn(browser, origin, looks, at.server.admin.key);
    });
    after(async () => {
      await browser?.close();
      await at?.close();
    });
    afterEach(() => admin?.requireNoComplaint());

    const hasNoBarriers = async (person = admin) => expect(await person.barriers()).to.deep.equal([]);

    it('B36 tests a model: code, replica, time, body, and the decision step by step', async () => {
      await admin.click('risk', 'link');
      await admin.click('fraud', 'link');
      await admin.sees('fraud', 'heading');
      await admin.types('Request', '{"dob": ');
      await admin.click('Test model');
      await admin.sees(/This is no JSON/);
      await admin.types('Request', '{"dob": "19 - 22"}');
      await admin.types('API key', at.viewer);
      await admin.click('Test model');
      await admin.sees(/Answered with 200/);
      await admin.sees(at.gateway.models['fraud']?.replicaId ?? 'no replica');
      await admin.sees(/"path": "\/model"/);
      await admin.sees(/Is it a known API key of an active user or application/);
      await admin.sees(/collaborator/);
      await admin.takesPicture('model');
      await hasNoBarriers();
    });

    it('B18 tests with the key of somebody who may not, and shows the words of the refusal and its rule', async () => {
      await admin.types('API key', at.outsider);
      await admin.presses('Enter');
      await admin.sees(/Answered with 403/);
      await admin.sees(/User APikey not authorized to access model: Check APIKEY permissions/);
      await admin.sees(/This refuses the call/);
      await admin.takesPicture('model-refused');
      expect(await admin.page.content()).to.not.contain(at.outsider);
      await hasNoBarriers();
    });

    it('hides the access key until it is asked for, and fills it into the call in four languages', async () => {
      expect(await admin.page.content()).to.not.contain(at.fraud);
      await admin.click('Show access key');
      await admin.sees(at.fraud);
      for (const language of ['Python', 'JavaScript', 'R', 'curl']) {
        await admin.click(language);
        await admin.sees(new RegExp(`${at.gateway.url}/model[^]*${at.fraud}`));
      }
      await admin.click('Hide access key');
      expect(await admin.page.content()).to.not.contain(at.fraud);
    });

    it('B33 regenerates the access key after saying whom that concerns, by the name of the model', async () => {
      await admin.click('Regenerate');
      await admin.sees(/1 user or application called it with an API key in the last 7 days/);
      await admin.takesPicture('regenerate');
      await hasNoBarriers();
      await admin.presses('Enter');
      await admin.sees('Type fraud to confirm.');
      await admin.types(/Type fraud/, 'fraud');
      await admin.presses('Enter');
      await admin.sees(/has a new access key, and the old one is refused/);
      expect((await at.call({ headers: bearer(at.viewer), body: bodyOf(at.fraud) })).status).to.equal(404);
    });

    it('B45 turns shadow on, sees who would be refused, and enables authentication knowing it', async () => {
      await admin.goesTo('Projects');
      await admin.click('marketing', 'link');
      await admin.click('churn', 'link');
      await admin.sees(/nobody is asked for an API key/);
      await admin.click('Turn shadow on');
      await admin.sees(/0 calls came. So nothing is known yet/);
      for (const headers of [bearer(at.outsider), bearer(at.outsider), {}]) {
        await at.call({ headers, body: bodyOf(at.churn) });
      }
      await admin.page.reload();
      await admin.sees('otto');
      await admin.takesPicture('model-shadow');
      await hasNoBarriers();
      await admin.click('Enable authentication');
      await admin.sees(/of 3 calls it would have refused 3, of 2 callers/);
      await admin.click('Enable authentication');
      await admin.sees(/Authentication of churn is on/);
      await admin.sees(/somebody who holds read or more on project marketing/);
    });

    it('stops a model and starts it again, and edits its name', async () => {
      await admin.click('Stop model');
      await admin.sees(/Every call of it gets 503/);
      await admin.click('Stop model');
      await admin.sees(/stopped: its calls are refused/);
      await admin.click('Start model');
      await admin.sees(/Calls go to its target again/);
      await admin.click('Start model');
      await admin.sees('running');
      await admin.click('Edit model');
      await admin.types('Name for people', 'Customer churn');
      await admin.presses('Enter');
      await admin.sees('Customer churn', 'heading');
    });

    it('B48 explains a refused call by its request id, and passes the explanation on as an address', async () => {
      const refused = await at.call({ headers: bearer(at.outsider), body: bodyOf(at.churn) });
      await admin.goesTo('Explain');
      await admin.types('Request ID', refused.json.requestId);
      await admin.presses('Enter');
      await admin.sees(/The same call by what holds now/);
      await admin.sees(/Refused with 403/);
      await admin.takesPicture('explain');
      await hasNoBarriers();
      await admin.page.reload();
      await admin.sees(/Refused with 403/);
      await admin.types('Request ID', 'of-no-call');
      await admin.presses('Enter');
      await admin.sees(/Nothing is known of this call here/);
    });

    it('explains a call that is described, at another time too', async () => {
      await admin.types('Model ID', 'churn');
      await admin.types('Key ID', 'nonsense key');
      await admin.presses('Tab');
      await admin.sees(/Use 1 to 128 of letters/);
      await admin.types('Key ID', ' ');
      await admin.types('Or the API key itself', at.viewer);
      await admin.types('When, in UTC', '2090-01-31 12:00');
      await admin.click('Explain call');
      await admin.sees(/The API key has expired/);
      await admin.types('When, in UTC', ' ');
      await admin.click('Explain call');
      await admin.sees(/Let through/);
      expect(admin.page.url()).to.not.contain(at.viewer);
      await admin.takesPicture('explain-described');
      await hasNoBarriers();
    });

    it('watches checks, refusals and their reasons move, with a mark where something was changed', async () => {
      await admin.goesTo('Live');
      await admin.click('5 minutes');
      for (let call = 0; call < 30; call += 1) {
        await at.call({ headers: bearer(call % 3 === 0 ? at.outsider : at.viewer), body: bodyOf(at.churn) });
        await at.call({ headers: call % 4 === 0 ? {} : bearer(at.viewer), body: bodyOf(at.churn) });
      }
      await at.server.admin.patch(churnPath, { name: 'Churn' });
      await admin.sees(/not_authorized/);
      await admin.sees(/model\.update/);
      await admin.page.locator('.charts canvas').nth(4).waitFor();
      await admin.takesPicture('live');
      await hasNoBarriers();
      await admin.click('1 hour');
      await admin.sees(/of the time before, it knows nothing/);
      await admin.takesPicture('live-young');
      await hasNoBarriers();
      await admin.click(/^Show /);
      await admin.sees(/not_authorized/);
    });
  });
}
