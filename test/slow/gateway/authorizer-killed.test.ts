import { expect } from 'chai';
import { dataDirectory } from '../../support/data-directory.ts';
import { type Gateway, startGateway } from '../../support/envoy.ts';
import { bodyOf, churnPath, site } from '../../support/gateway-site.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { send } from '../../support/send.ts';
import { initData, startProcess } from '../../support/serve-process.ts';
import { until } from '../../support/until.ts';

/** How many of so many calls got which status. */
async function statuses(gateway: Gateway, accessKey: string, count: number, width: number) {
  const got: Record<string, number> = {};
  await inParallel(Array.from({ length: count }), width, async () => {
    const { status } = await send(gateway, { body: bodyOf(accessKey) });
    got[status] = (got[status] ?? 0) + 1;
  });
  return got;
}

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T11 the authorizer is killed behind Envoy ${envoyVersion}`, function () {
    this.timeout(120_000);

    it('500 calls at once and 500 after get 503, none 403, none a model; and 200 after a restart', async () => {
      const data = dataDirectory();
      const legacyKey = await initData(data);
      let server = await startProcess(data, legacyKey);
      await server.admin.post('/api/v2/site:apply', site);
      const { access_key: accessKey } = (await server.admin.get(churnPath)).body;
      const gateway = await startGateway({ check: server.checkPort, models: ['churn'], envoyVersion });
      try {
        expect(await statuses(gateway, accessKey, 10, 10)).to.deep.equal({ 200: 10 });
        await server.kill9();
        expect(await statuses(gateway, accessKey, 500, 500)).to.deep.equal({ 503: 500 });
        expect(await statuses(gateway, accessKey, 500, 20)).to.deep.equal({ 503: 500 });
        expect(gateway.models['churn']?.calls()).to.equal(10);
        server = await startProcess(data, legacyKey, [], { checkPort: server.checkPort });
        await until('calls pass again', async () => (await statuses(gateway, accessKey, 1, 1))[200] === 1);
        expect(await statuses(gateway, accessKey, 100, 20)).to.deep.equal({ 200: 100 });
      } finally {
        await gateway.close();
        await server.kill9();
      }
    });
  });
}
