import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { bodyOf, type GatewaySite, startGatewaySite } from '../../support/gateway-site.ts';
import { Hits } from '../../support/hits.ts';
import { type OddRequest, oddRequests } from '../../support/odd-requests.ts';
import { sendRaw } from '../../support/raw-http1.ts';
import { frameTypes, rawHttp2 } from '../../support/raw-http2.ts';

/** Some get no answer at all; what would reach a model has done so long before. */
const quietMs = 400;

async function sendOdd(at: GatewaySite, { bytes, frames }: OddRequest): Promise<string> {
  if (bytes !== undefined) {
    return await sendRaw(at.gateway.port, bytes(at), () => false, quietMs);
  }
  const client = await rawHttp2(at.gateway.port);
  for (const frame of frames?.(at) ?? []) {
    client.send(...frame);
  }
  await sleep(quietMs);
  client.close();
  const types = client.frames.map(({ type }) => type);
  return types.includes(frameTypes.headers) || types.includes(frameTypes.rstStream) || types.includes(frameTypes.goaway)
    ? 'answered'
    : '';
}

/** As many as T12 asks for at least: one that is deleted must not go unseen. */
const leastRequests = 60;

describe('T12 odd requests', () => {
  it(`are ${leastRequests} and more, each another one`, () => {
    expect(new Set(oddRequests.map(({ what }) => what)).size)
      .to.equal(oddRequests.length)
      .and.to.be.at.least(leastRequests);
  });
});

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T12 behind Envoy ${envoyVersion}: a request that`, function () {
    this.timeout(60_000);
    const hits = new Hits();
    let at: GatewaySite;
    before(async () => {
      at = await startGatewaySite({ envoyVersion, onRequest: hits.note });
    });
    after(() => at?.close());
    beforeEach(() => void hits.all.splice(0));

    for (const odd of oddRequests) {
      it(`${odd.what}: ${odd.holdsKey ? 'no other model than its key names' : 'no model'}`, async () => {
        await sendOdd(at, odd);
        const allowed = odd.holdsKey ? ['churn'] : [];
        expect(hits.all.length).to.be.at.most(allowed.length);
        expect(allowed).to.include.members(hits.all.map(({ model }) => model));
        const told = hits.all.map(
          ({ headers }) => `${headers.get('x-modelgate-model')} ${headers.get('x-modelgate-target')}`,
        );
        expect(['churn churn']).to.include.members(told);
        // Envoy and the check service are alive, and go on as before.
        const next = await at.call({ body: bodyOf(at.churn) });
        expect([next.status, (await at.call({ body: bodyOf(at.fraud) })).status]).to.deep.equal([200, 401]);
      });
    }
  });
}
