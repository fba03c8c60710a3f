import { expect } from 'chai';
import { connectionManagerOf } from '../../envoy/render-config.ts';
import type { Gateway } from '../support/envoy.ts';
import { bearer, bodyOf, fraudPath, type GatewaySite, reasonOf, startGatewaySite } from '../support/gateway-site.ts';
import type { TestServer } from '../support/server.ts';

/** A route that names its model by itself, as the shipped config describes it. */
function pinnedRoute(prefix: string, model: string) {
  const type = 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute';
  const check_settings = { context_extensions: { modelgate_model: model } };
  return {
    match: { prefix },
    route: { cluster_header: 'x-modelgate-target', timeout: '0s' },
    typed_per_filter_config: { 'envoy.filters.http.ext_authz': { '@type': type, check_settings } },
  };
}

describe('behind a real Envoy: which model is called, and what it gets', function () {
  this.timeout(60_000);
  let at: GatewaySite;
  let server: TestServer;
  let gateway: Gateway;
  let call: GatewaySite['call'];
  let fraud: string;
  let churn: string;
  let viewer: string;
  let outsider: string;

  before(async () => {
    at = await startGatewaySite({
      edit: bootstrap => {
        const { route_config } = connectionManagerOf(bootstrap);
        // Envoy's own stripping of the client's copies would hide it if ours failed.
        delete route_config.internal_only_headers;
        route_config.virtual_hosts[0]?.routes.unshift(
          pinnedRoute('/fraud-only', 'fraud'),
          pinnedRoute('/churn-only', 'churn'),
        );
      },
    });
    ({ server, gateway, call, fraud, churn, viewer, outsider } = at);
  });
  after(() => at?.close());

  const keyOf = async (username: string, body: object = {}) =>
    (await server.admin.post(`/api/v2/users/${username}/v2_keys`, body)).body;

  it('B2 takes the access key from a header too', async () => {
    const headers = { ...bearer(viewer), 'x-model-access-key': fraud };
    const answer = await call({ headers });
    expect(reasonOf(answer)).to.equal('200 fraud');
    expect(answer.json.headers).to.not.have.property('x-model-access-key');
  });

  it('B4 B9 refuses two access keys that differ, wherever they stand', async () => {
    const headers = bearer(viewer);
    const answers = [
      await call({ path: `/model?accessKey=${churn}`, headers, body: bodyOf(fraud) }),
      await call({ path: `/model?accessKey=${churn}&accessKey=${fraud}`, headers }),
      await call({ headers, body: `{"accessKey":"${fraud}","\\u0061ccessKey":"${churn}"}` }),
      await call({ headers, body: `{"accessKey":"${fraud}","AccessKey":"${churn}"}` }),
      await call({ path: `/model?access%4Bey=${fraud}`, headers, body: bodyOf(fraud) }),
      await call({ headers: { ...headers, 'x-model-access-key': [fraud, churn] } }),
    ];
    expect(answers.map(reasonOf)).to.deep.equal(answers.map(() => '400 access_key_ambiguous'));
  });

  it('B5 B10 asks for the key elsewhere when the body is cut off before it', async () => {
    const body = JSON.stringify({ request: 'x'.repeat(6_000_000), accessKey: fraud });
    for (const chunked of [false, true]) {
      expect(reasonOf(await call({ headers: bearer(viewer), body, chunked }))).to.equal('413 body_incomplete');
    }
  });

  it('B5 reads a body just below the limit to its end', async () => {
    const tail = `","accessKey":"${fraud}"}`;
    const head = '{"request":"';
    const body = head + 'x'.repeat(5 * 1024 * 1024 - 1 - head.length - tail.length) + tail;
    expect(reasonOf(await call({ headers: bearer(viewer), body }))).to.equal('200 fraud');
  });

  it('B6 B53 takes the API key from any of its headers, whatever stands in the others, and refuses two that differ', async () => {
    for (const name of ['x-api-key', 'api-key', 'x-goog-api-key']) {
      const headers = { authorization: 'Bearer sk-ant-of-the-model', [name]: viewer };
      expect(reasonOf(await call({ headers: { [name]: viewer }, body: bodyOf(fraud) })), name).to.equal('200 fraud');
      expect(reasonOf(await call({ headers, body: bodyOf(fraud) })), name).to.equal('200 fraud');
    }
    const both = { ...bearer(viewer), 'x-api-key': outsider };
    expect(reasonOf(await call({ headers: both, body: bodyOf(fraud) }))).to.equal('400 api_key_ambiguous');
  });

  it('B11 B12 knows no model by an unknown access key', async () => {
    expect(reasonOf(await call({ headers: bearer(viewer), body: bodyOf('m-unknown') }))).to.equal(
      '404 access_key_unknown',
    );
  });

  it('B6a B12 lets a route pin its model: without a key where authentication is on, and never another', async () => {
    const headers = bearer(viewer);
    const answers = [
      await call({ path: '/fraud-only', headers, body: '{"request":{}}' }),
      await call({ path: '/fraud-only', headers, body: bodyOf(fraud) }),
      await call({ path: '/fraud-only', headers, body: bodyOf(churn) }),
      await call({ path: '/fraud-only', body: '{}' }),
      await call({ path: '/churn-only', body: '{}' }),
      await call({ path: '/churn-only', body: bodyOf(churn) }),
    ];
    expect(answers.map(reasonOf)).to.deep.equal([
      '200 fraud',
      '200 fraud',
      '403 model_mismatch',
      '401 api_key_missing',
      '400 access_key_missing',
      '200 churn',
    ]);
  });

  it('B24 B26 routes by the key and tells the model who calls, over anything that the client claims', async () => {
    const forged = {
      'x-modelgate-target': 'churn',
      'x-modelgate-model': 'churn',
      'x-modelgate-principal': 'ada',
      'x-modelgate-permission': 'admin',
      x_modelgate_principal: 'ada',
    };
    const { json } = await call({ headers: { ...bearer(viewer), ...forged }, body: bodyOf(fraud) });
    const told = Object.fromEntries(
      Object.entries<string>(json.headers).filter(([name]) => /^x[-_]modelgate/.test(name)),
    );
    expect(told['x-modelgate-key-id']).to.match(/^[0-9a-z]{16}$/);
    expect({ ...told, 'x-modelgate-key-id': '' }).to.deep.equal({
      'x-modelgate-model': 'fraud',
      'x-modelgate-target': 'fraud',
      'x-modelgate-project': 'risk',
      'x-modelgate-principal': 'ben',
      'x-modelgate-principal-kind': 'user',
      'x-modelgate-key-id': '',
      'x-modelgate-permission': 'read',
    });
  });

  it('B24 takes every forged identity away from an anonymous call', async () => {
    const forged = { 'x-modelgate-principal': 'ada', 'x-modelgate-key-id': 'k', 'x-modelgate-permission': 'admin' };
    const { json } = await call({ headers: forged, body: bodyOf(churn) });
    const names = Object.keys(json.headers).filter(name => name.startsWith('x-modelgate'));
    expect(names.sort()).to.deep.equal(['x-modelgate-model', 'x-modelgate-project', 'x-modelgate-target']);
  });

  it('B25 keeps credentials and the access key in the query from the model', async () => {
    const headers = { ...bearer(viewer), 'x-api-key': viewer };
    const { json } = await call({ path: `/model?a=1&accessKey=${fraud}&b=2`, headers });
    expect(json.headers).to.not.have.any.keys('authorization', 'x-api-key');
    expect(json.path).to.equal('/model?a=1&b=2');
  });

  it('B25 leaves a query without an access key as it is', async () => {
    const { json } = await call({ path: '/model?b=2&flag&a=1', headers: bearer(viewer), body: bodyOf(fraud) });
    expect(json.path).to.equal('/model?b=2&flag&a=1');
  });

  it('B26 routes to a new target without a new route', async () => {
    await server.admin.patch(fraudPath, { target: 'churn' });
    const moved = await call({ headers: bearer(viewer), body: bodyOf(fraud) });
    await server.admin.patch(fraudPath, { target: 'fraud' });
    expect([moved.json.model, moved.json.headers['x-modelgate-model']]).to.deep.equal(['churn', 'fraud']);
  });

  it('B27 B48 writes reason, model and key into the access log, and neither query nor key', async () => {
    const answer = await call({ path: `/model?accessKey=${fraud}`, headers: bearer(outsider) });
    const requestId = String(answer.headers['x-modelgate-request-id']);
    const entry = await gateway.logged(requestId);
    expect(entry).to.include({
      code: 403,
      path: '/model',
      decision: 'deny',
      reason: 'not_authorized',
      model: 'fraud',
      principal: 'otto',
    });
    expect(answer.json.requestId).to.equal(requestId);
    expect(server.denials.list()[0]).to.include({ requestId, reason: 'not_authorized' });
    const everything = JSON.stringify(gateway.accessLog());
    for (const secret of [fraud, churn, viewer, outsider]) {
      expect(everything).to.not.contain(secret);
    }
  });

  it('answers a gRPC caller in its own terms', async () => {
    const headers = { 'content-type': 'application/grpc', te: 'trailers', 'x-model-access-key': fraud };
    const answer = await call({ headers });
    expect(answer.status).to.equal(200);
    expect(answer.headers['grpc-status']).to.equal('16');
    expect(decodeURIComponent(String(answer.headers['grpc-message']))).to.contain('No API key');
  });

  it('B42 lets a key of another form in by its digest', async () => {
    const imported = `${'a1'.repeat(32)}.${'b2'.repeat(32)}`;
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(imported).digest('hex');
    await server.admin.post('/api/v2/site:apply', { api_keys: [{ key_id: 'imported', username: 'ben', digest }] });
    expect(reasonOf(await call({ headers: bearer(imported), body: bodyOf(fraud) }))).to.equal('200 fraud');
  });

  it('B44 B23 refuses by scope, and a stopped model only to those who may call it', async () => {
    const { api_key } = await keyOf('ben', { models: ['churn'] });
    expect(reasonOf(await call({ headers: bearer(api_key), body: bodyOf(fraud) }))).to.equal('403 key_scope');
    await server.admin.patch(fraudPath, { state: 'stopped' });
    const stopped = [
      await call({ headers: bearer(viewer), body: bodyOf(fraud) }),
      await call({ headers: bearer(outsider), body: bodyOf(fraud) }),
    ];
    await server.admin.patch(fraudPath, { state: 'running' });
    expect(stopped.map(reasonOf)).to.deep.equal(['503 model_stopped', '403 not_authorized']);
  });

  it('B45 lets shadow pass, and logs who would be refused', async () => {
    await server.admin.patch(fraudPath, { auth_enabled: false, auth_shadow: true });
    const answer = await call({ headers: bearer(outsider), body: bodyOf(fraud) });
    await server.admin.patch(fraudPath, { auth_enabled: true, auth_shadow: false });
    expect(reasonOf(answer)).to.equal('200 fraud');
    expect(await gateway.logged(String(answer.headers['x-request-id']))).to.include({
      shadow_reason: 'not_authorized',
      decision: 'allow',
    });
  });
});
