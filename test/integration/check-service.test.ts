import { expect } from 'chai';
import type { CheckRequest } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import { makeSecret } from '../../src/keys/secret.ts';
import { headersOf, modelCall } from '../support/check-client.ts';
import { type CheckService, checkTransports, startCheckService } from '../support/check-service.ts';
import { accessKeys, apiKeys, model, snapshotWith } from '../support/site.ts';

const overwriting = { append: { value: false }, appendAction: 2 };
const viewerCall = modelCall({ accessKey: accessKeys.fraud, bearer: apiKeys.viewer });

for (const transport of checkTransports) {
  describe(`check service over ${transport}: an allowed call`, () => {
    let service: CheckService;
    before(async () => {
      service = await startCheckService({ transport, snapshot: snapshotWith() });
    });
    after(() => service.stop());

    it('B24 tells the model who calls, by overwriting headers', async () => {
      const { okResponse } = await service.check(viewerCall);
      expect(headersOf(okResponse?.headers)).to.deep.equal({
        'x-modelgate-model': 'fraud',
        'x-modelgate-target': 'cluster-fraud',
        'x-modelgate-project': 'p',
        'x-modelgate-principal': 'viewer',
        'x-modelgate-principal-kind': 'user',
        'x-modelgate-key-id': `id-of-${apiKeys.viewer}`,
        'x-modelgate-permission': 'read',
      });
      for (const { append, appendAction } of okResponse?.headers ?? []) {
        expect({ append, appendAction }).to.deep.equal(overwriting);
      }
    });

    it('B24 removes every identity header that it does not set, and names none in both lists', async () => {
      const { okResponse } = await service.check(modelCall({ accessKey: accessKeys.open }));
      const set = Object.keys(headersOf(okResponse?.headers));
      const removed = okResponse?.headersToRemove ?? [];
      expect(set).to.have.members(['x-modelgate-model', 'x-modelgate-target', 'x-modelgate-project']);
      expect(removed).to.include.members([
        'x-modelgate-principal',
        'x-modelgate-principal-kind',
        'x-modelgate-key-id',
        'x-modelgate-permission',
      ]);
      expect(set.filter(name => removed.includes(name))).to.deep.equal([]);
    });

    it('B25 removes credentials where authentication is on', async () => {
      const { okResponse } = await service.check(viewerCall);
      expect(okResponse?.headersToRemove).to.include.members(['x-model-access-key', 'authorization', 'x-api-key']);
    });

    it('B25 asks for the query parameter to be removed only when it is there', async () => {
      const inQuery = modelCall({ path: `/model?accessKey=${accessKeys.fraud}`, bearer: apiKeys.viewer });
      const queries = [await service.check(viewerCall), await service.check(inQuery)];
      expect(queries.map(each => each.okResponse?.queryParametersToRemove)).to.deep.equal([[], ['accessKey']]);
    });

    it('B25 removes a credential from an open model only where it is a key of ours', async () => {
      const removedFor = async (headers: Record<string, string>) => {
        const { okResponse } = await service.check(modelCall({ accessKey: accessKeys.open, headers }));
        return (okResponse?.headersToRemove ?? []).filter(name => name === 'authorization' || name === 'x-api-key');
      };
      expect(await removedFor({ authorization: "Bearer the-model's-own" })).to.deep.equal([]);
      expect(await removedFor({ authorization: `Bearer ${apiKeys.viewer}` })).to.deep.equal(['authorization']);
      expect(await removedFor({ authorization: `Bearer ${apiKeys.expired}` })).to.deep.equal(['authorization']);
      expect(await removedFor({ 'x-api-key': makeSecret('api_key') })).to.deep.equal(['x-api-key']);
      expect(await removedFor({ authorization: `Bearer ${makeSecret('legacy_key')}` })).to.deep.equal([
        'authorization',
      ]);
      expect(await removedFor({ authorization: `Token ${apiKeys.viewer}` })).to.deep.equal(['authorization']);
      expect(await removedFor({ 'x-api-key': `${apiKeys.viewer}, other` })).to.deep.equal(['x-api-key']);
      const basic = Buffer.from(`${makeSecret('legacy_key')}:`).toString('base64');
      expect(await removedFor({ authorization: `Basic ${basic}`, 'x-api-key': 'own' })).to.deep.equal([
        'authorization',
      ]);
    });

    it('B27 puts what is known into dynamic metadata', async () => {
      const { dynamicMetadata } = await service.check(viewerCall);
      const fields = dynamicMetadata?.fields?.['modelgate']?.structValue?.fields ?? {};
      const plain = Object.entries(fields).map(([name, value]) => [name, value.stringValue ?? value.numberValue]);
      expect(Object.fromEntries(plain)).to.deep.equal({
        model: 'fraud',
        project: 'p',
        principal: 'viewer',
        key_id: `id-of-${apiKeys.viewer}`,
        permission: 'read',
        decision: 'allow',
        reason: 'authorized',
        revision: 2,
      });
    });
  });

  describe(`check service over ${transport}: settings of a deployment`, () => {
    it('B25 keeps credentials where the operator says so', async () => {
      const service = await startCheckService({ transport, snapshot: snapshotWith(), keepCredentials: true });
      const { okResponse } = await service.check(viewerCall);
      await service.stop();
      expect(okResponse?.headersToRemove).to.deep.equal(['x-model-access-key']);
    });

    it('B22 answers 503 with Retry-After before the first snapshot', async () => {
      const service = await startCheckService({ transport });
      const { deniedResponse } = await service.check(viewerCall);
      await service.stop();
      expect(deniedResponse?.status?.code).to.equal(503);
      expect(headersOf(deniedResponse?.headers)).to.include({ 'x-modelgate-reason': 'not_ready', 'retry-after': '5' });
    });

    it('B22 answers a gRPC error instead where the operator chose it', async () => {
      const service = await startCheckService({ transport, unreadyAnswer: 'error' });
      const error = await service.check(viewerCall).catch((refused: { code: number }) => refused);
      await service.stop();
      expect(error).to.have.property('code', 14);
    });
  });

  describe(`check service over ${transport}: a denied call`, () => {
    let service: CheckService;
    before(async () => {
      const shadowed = model({ model_id: 'open', accessKey: accessKeys.open, auth_enabled: false, auth_shadow: true });
      service = await startCheckService({ transport, snapshot: snapshotWith(shadowed) });
    });
    after(() => service.stop());

    it('B18 answers 403 with the pair that existing clients show', async () => {
      const { status, deniedResponse } = await service.check(
        modelCall({ accessKey: accessKeys.fraud, bearer: apiKeys.outsider }),
      );
      const short = 'User APikey not authorized to access model';
      const advice = 'Check APIKEY permissions or model authentication permissions';
      expect([status?.code, deniedResponse?.status?.code]).to.deep.equal([7, 403]);
      expect(JSON.parse(deniedResponse?.body ?? '')).to.deep.equal({
        success: false,
        StatusCode: 403,
        errors: { [short]: advice },
        error: { message: `${short}. ${advice}.`, type: 'permission_error', code: 'not_authorized' },
        reason: 'not_authorized',
        requestId: 'request-1',
      });
      expect(headersOf(deniedResponse?.headers)).to.deep.equal({
        'content-type': 'application/json',
        'x-modelgate-reason': 'not_authorized',
        'x-modelgate-request-id': 'request-1',
      });
    });

    it('B14 B15 B16 challenge the caller in WWW-Authenticate', async () => {
      const challenge = async (bearer?: string) => {
        const call = modelCall({ accessKey: accessKeys.fraud, ...(bearer === undefined ? {} : { bearer }) });
        const { deniedResponse } = await service.check(call);
        return [deniedResponse?.status?.code, headersOf(deniedResponse?.headers)['www-authenticate']];
      };
      const invalid = 'Bearer realm="models", error="invalid_token"';
      expect(await challenge()).to.deep.equal([401, 'Bearer realm="models"']);
      expect(await challenge('unknown')).to.deep.equal([401, invalid]);
      expect(await challenge(apiKeys.expired)).to.deep.equal([401, invalid]);
    });

    it('answers a gRPC caller with a sentence and its status', async () => {
      const headers = { 'content-type': 'application/grpc+proto' };
      const { deniedResponse } = await service.check(
        modelCall({ accessKey: accessKeys.fraud, bearer: apiKeys.outsider, headers }),
      );
      expect(deniedResponse?.body).to.equal(
        'User APikey not authorized to access model. Check APIKEY permissions or model authentication permissions.',
      );
      expect(headersOf(deniedResponse?.headers)).to.include({ 'grpc-status': '7' });
      expect(headersOf(deniedResponse?.headers)).to.not.have.property('content-type');
    });

    it('B27 B45 puts the shadow reason into metadata of an allowed call', async () => {
      const { okResponse, dynamicMetadata } = await service.check(modelCall({ accessKey: accessKeys.open }));
      const fields = dynamicMetadata?.fields?.['modelgate']?.structValue?.fields;
      expect(okResponse).to.not.equal(null);
      expect(fields?.['shadow_reason']?.stringValue).to.equal('api_key_missing');
    });

    it('T5 denies bytes that are no CheckRequest with 400 instead of an error', async () => {
      for (const bytes of [Buffer.from([0xff, 0xff, 0xff]), Buffer.from([0x0a, 0x05, 0x01])]) {
        const { deniedResponse } = await service.checkBytes(bytes);
        expect(deniedResponse?.status?.code).to.equal(400);
        expect(headersOf(deniedResponse?.headers)['x-modelgate-reason']).to.equal('check_malformed');
      }
    });

    it('answers an empty CheckRequest like any call without an access key', async () => {
      const { deniedResponse } = await service.checkBytes(Buffer.alloc(0));
      expect(headersOf(deniedResponse?.headers)['x-modelgate-reason']).to.equal('access_key_missing');
    });

    it('repeats no request id that is not plain text', async () => {
      const { deniedResponse } = await service.check(modelCall({ headers: { 'x-request-id': 'a\u0007b' } }));
      expect(headersOf(deniedResponse?.headers)).to.not.have.property('x-modelgate-request-id');
    });
  });

  describe(`check service over ${transport}: spellings of Envoy`, () => {
    let service: CheckService;
    before(async () => {
      service = await startCheckService({ transport, snapshot: snapshotWith() });
    });
    after(() => service.stop());

    const headerMap = (request: CheckRequest): CheckRequest => {
      const http = request.attributes?.request?.http ?? {};
      const entries = Object.entries(http.headers ?? {}).map(([key, value]) => ({ key, rawValue: Buffer.from(value) }));
      return { attributes: { request: { http: { ...http, headers: {}, headerMap: { headers: entries } } } } };
    };
    const plainBody = (request: CheckRequest): CheckRequest => {
      const http = request.attributes?.request?.http ?? {};
      const body = Buffer.from(http.rawBody as Buffer).toString();
      return { attributes: { request: { http: { ...http, rawBody: Buffer.alloc(0), body } } } };
    };

    it('T4 B27 reads both forms of headers and both forms of body alike', async () => {
      const plain = await service.check(viewerCall);
      expect(await service.check(headerMap(viewerCall))).to.deep.equal(plain);
      expect(await service.check(plainBody(viewerCall))).to.deep.equal(plain);
      expect(await service.check(headerMap(plainBody(viewerCall)))).to.deep.equal(plain);
    });

    it('T4 joins repeats of header_map as Envoy joins them in headers', async () => {
      const repeated = headerMap(viewerCall);
      const second = { key: 'authorization', rawValue: Buffer.from('Bearer other') };
      repeated.attributes?.request?.http?.headerMap?.headers?.push(second);
      const joined = modelCall({ accessKey: accessKeys.fraud, bearer: `${apiKeys.viewer},Bearer other` });
      const { deniedResponse } = await service.check(joined);
      expect(deniedResponse?.status?.code).to.equal(401);
      expect(await service.check(repeated)).to.have.nested.property('deniedResponse.status.code', 401);
    });
  });
}
