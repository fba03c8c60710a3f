import { expect } from 'chai';
import fc from 'fast-check';
import { type GatewaySite, startGatewaySite } from '../../support/gateway-site.ts';
import { Hits } from '../../support/hits.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { type Keys, type Mix, mayReach, mixes, mixSender } from '../../support/mixes.ts';
import { until } from '../../support/until.ts';

const count = 10_000;
/** Printed with the test, so that a failure can be had again. */
const seed = Number(process.env['MODELGATE_TEST_SEED'] ?? Date.now() % 1_000_000);

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T1 behind Envoy ${envoyVersion}, ${count} random requests (seed ${seed})`, function () {
    this.timeout(600_000);
    const hits = new Hits();
    const sent: readonly Mix[] = fc.sample(mixes, { seed, numRuns: count });
    let at: GatewaySite;
    let keys: Keys;

    before(async () => {
      at = await startGatewaySite({ envoyVersion, onRequest: hits.note });
      keys = at;
      const sender = mixSender(at.gateway.port, keys);
      await inParallel(sent, 20, async (mix, index) => void (await sender.send(mix, String(index))));
      sender.close();
      await until('the access log tells of every hit', () => {
        const log = logged();
        return hits.all.every(({ requestId }) => log.has(requestId));
      });
    });
    after(() => at?.close());

    /** Entries of the access log; the decision in them is told by the authorizer and by nobody else. */
    const logged = () => new Map(at.gateway.accessLog().map(entry => [entry.request_id, entry]));

    it('no request reaches a model without a check that allowed it', () => {
      const log = logged();
      const unchecked = hits.all.filter(({ requestId, model }) => {
        const entry = log.get(requestId);
        return entry?.decision !== 'allow' || entry.model !== model;
      });
      expect(unchecked).to.deep.equal([]);
      expect(new Set(hits.all.map(({ requestId }) => requestId)).size).to.equal(hits.all.length);
    });

    it('the authorizer itself counted an allow for each of them', async () => {
      const { body } = await at.server.admin.get('/metrics');
      const counted = [...String(body).matchAll(/^modelgate_checks_total\{outcome="allow",.*\} (\d+)$/gm)];
      const allows = counted.reduce((sum, [, value]) => sum + Number(value), 0);
      expect(hits.all.length)
        .to.be.at.most(allows)
        .and.greaterThan(count / 100);
    });

    it('no request reaches a model without the keys for it', () => {
      const wrong = hits.all.filter(({ mix, model }) => !mayReach(sent[Number(mix)] as Mix, model));
      expect(wrong).to.deep.equal([]);
    });
  });
}
