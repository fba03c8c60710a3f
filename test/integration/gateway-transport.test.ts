import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Bootstrap } from '../../envoy/render-config.ts';
import { type Issued, makeAuthority, writePems } from '../support/certificates.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { type Gateway, type StartGatewayOptions, startGateway } from '../support/envoy.ts';
import { startServer, type TestServer } from '../support/server.ts';

const site = {
  users: [{ username: 'ada' }],
  projects: [{ project_id: 'risk', owner: { username: 'ada' }, models: [{ model_id: 'fraud' }] }],
};

/** What a call with a good key, and one without, get through a gateway: status and model or reason. */
async function callsThrough(server: TestServer, options: Omit<StartGatewayOptions, 'models'>): Promise<string[]> {
  await server.admin.post('/api/v2/site:apply', site);
  const { access_key } = (await server.admin.get('/api/v2/projects/risk/models/fraud')).body;
  const { api_key } = (await server.admin.post('/api/v2/users/ada/v2_keys', {})).body;
  const gateway: Gateway = await startGateway({ ...options, models: ['fraud'] });
  const call = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ accessKey: access_key });
    const answer = await fetch(`${gateway.url}/model`, { method: 'POST', headers, body });
    const { model } = (await answer.json().catch(() => ({}))) as { model?: string };
    return `${answer.status} ${model ?? answer.headers.get('x-modelgate-reason')}`;
  };
  const json = { 'content-type': 'application/json' };
  const answers = [await call({ ...json, authorization: `Bearer ${api_key}` }), await call(json)];
  await gateway.close();
  return answers;
}

describe('T20 behind a real Envoy, over a socket', function () {
  this.timeout(60_000);
  let server: TestServer;
  afterEach(() => server.close());

  it('calls are let through and turned away as over TCP', async () => {
    const pipe = join(dataDirectory(), 'run', 'check.sock');
    server = await startServer({ flags: { 'check-listen': `unix:${pipe}` } });
    expect(await callsThrough(server, { check: { pipe } })).to.deep.equal(['200 fraud', '401 api_key_missing']);
  });
});

describe('T20 behind a real Envoy, over TLS', function () {
  this.timeout(60_000);
  const authority = makeAuthority('our ca');

  const startTlsServer = () => {
    const { cert, key } = writePems(authority.issue('modelgate'));
    const { ca } = writePems({ ca: authority.cert });
    return startServer({ flags: { 'check-tls-cert': cert, 'check-tls-key': key, 'check-tls-client-ca': ca } });
  };

  /** The block that envoy.yaml has as a comment, with the files and the name of this test. */
  const shippedSocket = (client: Issued) => {
    const shipped = readFileSync(new URL('../../../envoy/envoy.yaml', import.meta.url), 'utf8');
    const [block] = /(?<=\n) +# transport_socket:\n(?: +# {3,}.*\n)+/.exec(shipped) ?? [''];
    const pems = writePems({ ...client, ca: authority.cert });
    const text = block
      .replaceAll(/^ +# /gm, '')
      .replace('/etc/envoy/envoy.pem', pems.cert)
      .replace('/etc/envoy/envoy.key', pems.key)
      .replace('/etc/envoy/our-ca.pem', pems.ca)
      .replace('modelgate.example', 'localhost');
    return parse(text).transport_socket as object;
  };
  const withSocket = (socket: object) => (bootstrap: Bootstrap) => {
    const cluster = bootstrap.static_resources.clusters.find(({ name }) => name === 'modelgate');
    Object.assign(cluster as object, { transport_socket: socket });
  };

  let server: TestServer;
  beforeEach(async () => {
    server = await startTlsServer();
  });
  afterEach(() => server.close());

  it('calls are let through and turned away with the lines that envoy.yaml has as a comment', async () => {
    const edit = withSocket(shippedSocket(authority.issue('envoy')));
    const answers = await callsThrough(server, { check: server.checkPort, edit });
    expect(answers).to.deep.equal(['200 fraud', '401 api_key_missing']);
  });

  it('T11 every call gets 503 where Envoy shows a certificate of another CA', async () => {
    const edit = withSocket(shippedSocket(makeAuthority('another ca').issue('envoy')));
    expect(await callsThrough(server, { check: server.checkPort, edit })).to.deep.equal(['503 null', '503 null']);
  });

  it('T11 every call gets 503 where Envoy speaks plain text, or trusts another CA', async () => {
    const socket = shippedSocket(authority.issue('envoy'));
    const { ca } = writePems({ ca: makeAuthority('another ca').cert });
    const strange = JSON.parse(
      JSON.stringify(socket).replace(/"trusted_ca":\{"filename":"[^"]+"/, `"trusted_ca":{"filename":"${ca}"`),
    );
    for (const options of [{}, { edit: withSocket(strange) }]) {
      expect(await callsThrough(server, { check: server.checkPort, ...options })).to.deep.equal([
        '503 null',
        '503 null',
      ]);
    }
  });
});
