import { expect } from 'chai';
import { bearer, bodyOf, type GatewaySite, reasonOf, startGatewaySite } from '../support/gateway-site.ts';
import type { TestServer } from '../support/server.ts';

const keysOfBen = '/api/v2/users/ben/v2_keys';

describe('behind a real Envoy: requests seen in the field', function () {
  this.timeout(60_000);
  let at: GatewaySite;
  let server: TestServer;
  let call: GatewaySite['call'];
  let fraud: string;
  let churn: string;
  let viewer: string;
  let outsider: string;

  before(async () => {
    at = await startGatewaySite();
    ({ server, call, fraud, churn, viewer, outsider } = at);
  });
  after(() => at?.close());

  const keyOf = async (username: string, body: object = {}) =>
    (await server.admin.post(`/api/v2/users/${username}/v2_keys`, body)).body;

  it('C1 B1 allows the access key in the JSON body with a Bearer', async () => {
    const answer = await call({ headers: bearer(viewer), body: bodyOf(fraud) });
    expect(reasonOf(answer)).to.equal('200 fraud');
  });

  it('B1 judges neither path nor method', async () => {
    const path = '/api/altus-ds-1/models/call-model';
    expect(reasonOf(await call({ path, headers: bearer(viewer), body: bodyOf(fraud) }))).to.equal('200 fraud');
    expect(reasonOf(await call({ method: 'PUT', headers: bearer(viewer), body: bodyOf(fraud) }))).to.equal('200 fraud');
  });

  it('C2 B13 allows anybody where authentication is off', async () => {
    expect(reasonOf(await call({ body: bodyOf(churn) }))).to.equal('200 churn');
  });

  it('C3 allows the access key in the query, and header names in any case', async () => {
    const headers = { AUTHORIZATION: `bearer ${viewer}` };
    expect(reasonOf(await call({ path: `/model?accessKey=${fraud}`, headers, body: '{"request":{}}' }))).to.equal(
      '200 fraud',
    );
  });

  it('C5 B7 lets a Bearer go by where authentication is off', async () => {
    const answer = await call({ headers: bearer("the-model's-own"), body: bodyOf(churn) });
    expect(reasonOf(answer)).to.equal('200 churn');
    expect(answer.json.headers.authorization).to.equal("Bearer the-model's-own");
  });

  it('C6 allows the access key after a long request', async () => {
    const messages = Array.from({ length: 500 }, () => ({ role: 'user', content: 'a "long" one '.repeat(20) }));
    const body = JSON.stringify({ request: { messages, max_tokens: 128 }, accessKey: fraud });
    expect(reasonOf(await call({ headers: bearer(viewer), body }))).to.equal('200 fraud');
  });

  it('C7 B3 ignores whitespace around a pasted key', async () => {
    expect(reasonOf(await call({ path: `/model?accessKey=%20${fraud}%20`, headers: bearer(viewer) }))).to.equal(
      '200 fraud',
    );
  });

  it('C9 B14 refuses a call without Authorization', async () => {
    const answer = await call({ body: bodyOf(fraud) });
    expect(reasonOf(answer)).to.equal('401 api_key_missing');
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="models"');
  });

  it('C10 B18 refuses the key of a user who is no collaborator, in the words that clients know', async () => {
    const answer = await call({ headers: bearer(outsider), body: bodyOf(fraud) });
    expect(answer.status).to.equal(403);
    expect(answer.json.errors).to.deep.equal({
      'User APikey not authorized to access model': 'Check APIKEY permissions or model authentication permissions',
    });
  });

  it('C11 B19 allows the key of a viewer', async () => {
    const answer = await call({ headers: bearer(viewer), body: bodyOf(fraud) });
    expect(answer.json.headers['x-modelgate-permission']).to.equal('read');
  });

  it('C13 B30 B38 refuses a key as soon as its deletion is answered, 100 times', async () => {
    for (let round = 0; round < 100; round += 1) {
      const { key_id, api_key } = await keyOf('ben');
      const made = await call({ headers: bearer(api_key), body: bodyOf(fraud) });
      await server.admin.delete(`${keysOfBen}/${key_id}`);
      const gone = await call({ headers: bearer(api_key), body: bodyOf(fraud) });
      expect([made.status, gone.status], `round ${round}`).to.deep.equal([200, 401]);
    }
  });

  it('C16 B6 B15 takes a legacy key for no API key, as Bearer or as Basic', async () => {
    const { legacy_key } = (await server.admin.post('/api/v2/users/ben/v1_key:rotate')).body;
    const basic = `Basic ${Buffer.from(`${legacy_key}:`).toString('base64')}`;
    expect(reasonOf(await call({ headers: bearer(legacy_key), body: bodyOf(fraud) }))).to.equal('401 api_key_invalid');
    expect(reasonOf(await call({ headers: { authorization: basic }, body: bodyOf(fraud) }))).to.equal(
      '401 api_key_invalid',
    );
  });

  it('C19 B8 finds no access key in a misspelled member or a form', async () => {
    const typo = await call({ headers: bearer(viewer), body: JSON.stringify({ acessKey: fraud }) });
    const form = await call({
      headers: { ...bearer(viewer), 'content-type': 'application/x-www-form-urlencoded' },
      body: `accessKey=${fraud}`,
    });
    expect([reasonOf(typo), reasonOf(form)]).to.deep.equal(['400 access_key_missing', '400 access_key_missing']);
  });

  it('C21 B5 allows a body of 6 MB whose access key stands in the query, and passes all of it', async function () {
    // The shipped config waits half a second for an answer: a busy machine may take longer for five MiB, and Envoy refuses.
    this.retries(2);
    const body = JSON.stringify({ request: 'x'.repeat(6_000_000) });
    for (const chunked of [false, true]) {
      const answer = await call({ path: `/model?accessKey=${fraud}`, headers: bearer(viewer), body, chunked });
      expect([reasonOf(answer), answer.json?.bodyBytes]).to.deep.equal(['200 fraud', body.length]);
    }
  });

  it("C23 passes the model's own 429 model.busy unchanged", async () => {
    const answer = await call({ headers: { ...bearer(viewer), 'x-sample-busy': 'true' }, body: bodyOf(fraud) });
    expect(answer.status).to.equal(429);
    expect(answer.json).to.have.nested.property('errors.model\\.busy');
    expect(answer.headers).to.not.have.property('x-modelgate-reason');
  });
});
