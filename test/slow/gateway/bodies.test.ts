import { expect } from 'chai';
import { type Bootstrap, connectionManagerOf } from '../../../envoy/render-config.ts';
import { bearer, type GatewaySite, startGatewaySite } from '../../support/gateway-site.ts';
import { Hits } from '../../support/hits.ts';
import { sendHead } from '../../support/raw-http1.ts';
import { send } from '../../support/send.ts';
import { http2Client } from '../../support/send-http2.ts';
import { until } from '../../support/until.ts';

/** Envoy's `max_request_bytes` and our --body-bytes-max. */
const limit = 5 * 1024 * 1024;

interface Sent {
  readonly protocol: 'HTTP/1.1' | 'HTTP/2';
  readonly chunked: boolean;
  readonly bytes: number;
}
const ways: readonly Sent[] = (['HTTP/1.1', 'HTTP/2'] as const).flatMap(protocol =>
  [false, true].flatMap(chunked => [limit - 1, limit, limit + 1].map(bytes => ({ protocol, chunked, bytes }))),
);

const sized = (bytes: number) => `${bytes < limit ? '−' : '+'}${Math.abs(bytes - limit)}`;

/** A body of exactly so many bytes, the access key at its end. */
function bodyWith(accessKey: string, bytes: number): Buffer {
  const [head, tail] = ['{"request":"', `","accessKey":"${accessKey}"}`];
  return Buffer.from(head + 'x'.repeat(bytes - head.length - tail.length) + tail);
}

function allowWebSockets(bootstrap: Bootstrap): void {
  connectionManagerOf(bootstrap)['upgrade_configs'] = [{ upgrade_type: 'websocket' }];
}

for (const envoyVersion of ['1.36.4', '1.40.0']) {
  describe(`T6 B5 B10 behind Envoy ${envoyVersion}: bodies around the limit`, function () {
    this.timeout(300_000);
    const hits = new Hits();
    let at: GatewaySite;
    before(async () => {
      at = await startGatewaySite({ envoyVersion, onRequest: hits.note });
    });
    after(() => at?.close());
    beforeEach(() => void hits.all.splice(0));

    /** The status, whichever way it is sent; with node's client a body without content-length is chunked. */
    async function status({ protocol, chunked }: Sent, body: Buffer, headers: Record<string, string>): Promise<number> {
      const all = { 'content-type': 'application/json', ...bearer(at.viewer), ...headers };
      if (protocol === 'HTTP/1.1') {
        return (await send(at.gateway, { headers: all, body, chunked })).status;
      }
      const client = http2Client(at.gateway.port);
      const length = chunked ? {} : { 'content-length': String(body.length) };
      const answer = await client.send({ ':method': 'POST', ':path': '/model', ...all, ...length }, body);
      client.close();
      return answer.status;
    }

    for (const way of ways) {
      const how = `${way.protocol}, ${way.chunked ? 'without' : 'with'} content-length`;
      const whole = way.bytes < limit;
      it(`limit ${sized(way.bytes)}, ${how}: ${whole ? 'read to its end' : '413, since the key may be beyond it'}`, async () => {
        const answered = await status(way, bodyWith(at.fraud, way.bytes), {});
        expect([answered, hits.all.length]).to.deep.equal(whole ? [200, 1] : [413, 0]);
      });

      it(`limit ${sized(way.bytes)}, ${how}: another key in the header than at its end is refused`, async () => {
        const answered = await status(way, bodyWith(at.churn, way.bytes), { 'x-model-access-key': at.fraud });
        expect([answered, hits.all.length]).to.deep.equal([400, 0]);
      });
    }

    for (const way of ways.filter(({ bytes }) => bytes === limit)) {
      it(`${way.protocol}, ${way.chunked ? 'without' : 'with'} content-length: the model is told the key of the header, whatever stands in the body beyond the limit`, async () => {
        for (let round = 0; round < 10; round += 1) {
          const body = bodyWith(at.churn, limit + 200);
          expect(await status(way, body, { 'x-model-access-key': at.fraud })).to.equal(200);
        }
        const told = hits.all.map(({ model, headers }) => `${model} ${headers.get('x-modelgate-model')}`);
        expect(told).to.deep.equal(Array(10).fill('fraud fraud'));
      });
    }
  });

  describe(`T6 behind Envoy ${envoyVersion} that lets WebSockets pass`, function () {
    this.timeout(120_000);
    const hits = new Hits();
    let at: GatewaySite;
    before(async () => {
      at = await startGatewaySite({ envoyVersion, onRequest: hits.note, edit: allowWebSockets });
    });
    after(() => at?.close());
    beforeEach(() => void hits.all.splice(0));

    const upgrade = [
      'upgrade: websocket',
      'connection: upgrade',
      'sec-websocket-version: 13',
      'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    ];
    const ask = (target: string, lines: readonly string[], body = '', limitMs?: number) =>
      sendHead(
        at.gateway.port,
        [`GET ${target} HTTP/1.1`, 'host: models', `authorization: Bearer ${at.viewer}`, ...upgrade, ...lines],
        body,
        limitMs,
      );

    it('takes the key of an upgrade from header or query', async () => {
      await ask('/model', [`x-model-access-key: ${at.fraud}`]);
      await ask(`/model?accessKey=${at.fraud}`, []);
      expect(hits.all.map(({ model, url }) => [model, url])).to.deep.equal([
        ['fraud', '/model'],
        ['fraud', '/model'],
      ]);
    });

    it('and not from a body, which nobody has seen', async () => {
      const body = JSON.stringify({ accessKey: at.fraud });
      const length = `content-length: ${body.length}`;
      expect(await ask('/model', [length, 'content-type: application/json'], body)).to.equal(413);
      expect(hits.all).to.deep.equal([]);
    });

    it('tells the model the key of the header, whatever an unseen body says', async () => {
      const body = JSON.stringify({ accessKey: at.churn });
      // The model waits for more of the body than ever comes, so nobody waits for its answer.
      const asked = Array.from({ length: 50 }, () =>
        ask('/model', [`x-model-access-key: ${at.fraud}`, `content-length: ${body.length}`], body, 5000),
      );
      await until('every call has reached a model', () => hits.all.length === asked.length);
      const told = hits.all.map(({ model, headers }) => `${model} ${headers.get('x-modelgate-model')}`);
      expect(new Set(told)).to.deep.equal(new Set(['fraud fraud']));
      await Promise.all(asked);
    });
  });
}
