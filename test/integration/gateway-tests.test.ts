import { expect } from 'chai';
import type { AdminClient } from '../support/admin-client.ts';
import { churnPath, fraudPath, type GatewaySite, startGatewaySite } from '../support/gateway-site.ts';

describe('B36 a test of a model, behind a real Envoy', function () {
  this.timeout(60_000);
  let at: GatewaySite;
  let ben: AdminClient;
  const test = async (body: object, path = fraudPath, who = ben) => (await who.post(`${path}:test`, body)).body;

  before(async () => {
    at = await startGatewaySite();
    await at.server.admin.patch('/api/v2/settings', { gateway_url: at.gateway.url });
    ben = await at.server.as('ben');
  });
  after(() => at?.close());

  it('shows status, replica and body as the gateway answered, to a viewer who may not read the access key', async () => {
    expect((await ben.get(fraudPath)).body).not.to.have.property('access_key');
    const came = await test({ api_key: at.viewer, request: { dob: '19 - 22' } });
    const replica_id = at.gateway.models['fraud']?.replicaId;
    expect(came).to.include({ via: 'gateway', status_code: 200, replica_id, reason: 'authorized' });
    expect(JSON.parse(came.body)).to.include({ model: 'fraud', method: 'POST', path: '/model' });
    expect(came.duration_ms).to.be.above(0);
    expect(came.explanation).to.include({ decision: 'allow', principal: 'ben' });
  });

  it('T24 gives the model no key and shows none', async () => {
    const came = JSON.stringify(await test({ api_key: at.viewer }));
    expect(came).to.include('x-modelgate-principal');
    for (const key of [at.fraud, at.viewer]) {
      expect(came).not.to.include(key);
      expect(at.server.logged.join('')).not.to.include(key);
    }
  });

  it('B18 shows the words of the refusal', async () => {
    const came = await test({ api_key: at.outsider });
    expect(came).to.include({ status_code: 403, reason: 'not_authorized', replica_id: null });
    expect(came.message).to.equal(
      'User APikey not authorized to access model: Check APIKEY permissions or model authentication permissions',
    );
    expect(JSON.parse(came.body).errors).to.deep.equal({
      'User APikey not authorized to access model': 'Check APIKEY permissions or model authentication permissions',
    });
    expect(came.explanation.steps.at(-1)).to.deep.include({ rule: 'B18', met: false });
  });

  it('calls without a key, with blanks around one, and with a wrong one', async () => {
    const results = [
      await test({}),
      await test({ api_key: ` ${at.viewer}\n` }),
      await test({ api_key: 'nobody-has-this' }),
      await test({}, churnPath),
    ];
    const told = results.map(({ status_code, reason }) => `${status_code} ${reason}`);
    expect(told).to.deep.equal([
      '401 api_key_missing',
      '200 authorized',
      '401 api_key_invalid',
      '200 authentication_off',
    ]);
  });

  it('is a call like any other: it counts as a use, and a refused one stands among the denials', async () => {
    await test({ api_key: at.viewer });
    await test({ api_key: at.outsider });
    const [key] = (await ben.get('/api/v2/users/ben/v2_keys')).body.api_keys;
    expect(key).to.include({ last_used_model: 'fraud' });
    const [denial] = (await at.server.admin.get('/api/v2/denials?model_id=fraud')).body.denials;
    expect(denial).to.include({ reason: 'not_authorized' });
  });

  it('says so where the gateway lets through what is to be refused', async () => {
    const { port } = at.gateway.models['fraud'] as { port: number };
    await at.server.admin.patch('/api/v2/settings', { gateway_url: `http://127.0.0.1:${port}` });
    const came = await test({ api_key: at.outsider });
    expect(came).to.include({ status_code: 200, reason: 'not_authorized' });
    expect(came.message).to.include('modelgate envoy check');
    expect(JSON.stringify(came)).not.to.include(at.fraud);
    expect(JSON.stringify(came)).not.to.include(at.outsider);
  });

  it('tells a gateway that is not there, and the decision all the same', async () => {
    await at.server.admin.patch('/api/v2/settings', { gateway_url: 'http://127.0.0.1:1' });
    const came = await test({ api_key: at.viewer });
    expect(came).to.include({ via: 'gateway', status_code: null, reason: 'gateway_unreachable', body: null });
    expect(came.message).to.include('ECONNREFUSED');
    expect(came.explanation).to.include({ decision: 'allow' });
  });

  it('is the decision alone where no gateway is configured', async () => {
    await at.server.admin.patch('/api/v2/settings', { gateway_url: '' });
    const calls = at.gateway.models['fraud']?.calls();
    const allowed = await test({ api_key: at.viewer });
    const refused = await test({ api_key: at.outsider });
    expect(allowed).to.include({ via: 'decision', status_code: null, reason: 'authorized', body: null });
    expect(refused).to.include({ via: 'decision', status_code: 403, reason: 'not_authorized' });
    expect(at.gateway.models['fraud']?.calls()).to.equal(calls);
  });
});
