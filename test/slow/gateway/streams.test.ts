import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Bootstrap, connectionManagerOf } from '../../../envoy/render-config.ts';
import { bearer, bodyOf, startGatewaySite } from '../../support/gateway-site.ts';
import { sendRaw } from '../../support/raw-http1.ts';
import { send } from '../../support/send.ts';

const shippedConfig = new URL('../../../../envoy/envoy.yaml', import.meta.url);
const quarterHourSeconds = 900;
/** The model goes on for 100 s; a stream that is still open after this was not cut. */
const streamLimitMs = 60_000;

function shortStreams(bootstrap: Bootstrap): void {
  connectionManagerOf(bootstrap).common_http_protocol_options['max_stream_duration'] = '2s';
}

describe('T13 streams and a revoked key', function () {
  this.timeout(120_000);

  it('the shipped config ends every stream after a quarter of an hour at most', async () => {
    const shipped = parse(await readFile(shippedConfig, 'utf8')) as Bootstrap;
    const limit = connectionManagerOf(shipped).common_http_protocol_options['max_stream_duration'];
    expect(limit).to.match(/^\d+s$/);
    expect(Number.parseInt(String(limit), 10)).to.be.within(1, quarterHourSeconds);
  });

  for (const envoyVersion of ['1.36.4', '1.40.0']) {
    it(`an open stream is cut at the limit behind Envoy ${envoyVersion}, and no new one is let in after the revoke`, async () => {
      const at = await startGatewaySite({ envoyVersion, edit: shortStreams });
      const headers = { ...bearer(at.viewer), 'x-sample-chunks': '1000', 'x-sample-delay-ms': '100' };
      const begun = performance.now();
      const call = { headers, body: bodyOf(at.fraud) };
      const open = sendRaw(at.gateway.port, written(call.headers, call.body), () => false, streamLimitMs);
      await at.server.admin.delete('/api/v2/users/ben/v2_keys');
      const after = await send(at.gateway, call);
      const ended = await open;
      await at.close();
      expect(after.status).to.equal(401);
      expect(ended).to.match(/^HTTP\/1\.1 200 /);
      expect(ended.endsWith('0\r\n\r\n'), 'ended as a whole answer does').to.equal(false);
      expect(performance.now() - begun, 'time until it was cut, far below what the model takes').to.be.below(
        streamLimitMs,
      );
    });
  }
});

function written(headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const own = [
    'POST /model HTTP/1.1',
    'host: models',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  return `${[...own, ...lines].join('\r\n')}\r\n\r\n${body}`;
}
