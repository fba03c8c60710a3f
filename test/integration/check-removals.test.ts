import { expect } from 'chai';
import { makeSecret } from '../../src/keys/secret.ts';
import { modelCall } from '../support/check-client.ts';
import { type CheckService, checkTransports, startCheckService } from '../support/check-service.ts';
import { accessKeys, apiKeys, snapshotWith } from '../support/site.ts';

for (const transport of checkTransports) {
  describe(`check service over ${transport}: keys that do not reach the model`, () => {
    let service: CheckService;
    before(async () => {
      service = await startCheckService({ transport, snapshot: snapshotWith() });
    });
    after(() => service.stop());

    it('B25 removes a key of ours from any header, cookie and query parameter, whether authentication is on or off', async () => {
      const key = makeSecret('api_key');
      const headers = {
        apikey: key,
        'x-auth-token': key,
        cookie: `a=b; c=${key}`,
        'x-goog-api-key': 'own',
        'x-other': 'own',
      };
      for (const [accessKey, more] of [
        [accessKeys.fraud, { bearer: apiKeys.viewer }],
        [accessKeys.open, {}],
      ] as const) {
        const call = modelCall({ path: `/model?key=${key}&accessKey=${accessKey}`, headers, ...more });
        const { okResponse } = await service.check(call);
        expect(okResponse?.headersToRemove).to.include.members(['apikey', 'x-auth-token', 'cookie']);
        expect(okResponse?.headersToRemove).to.not.include.members(['x-goog-api-key', 'x-other']);
        expect(okResponse?.queryParametersToRemove).to.deep.equal(['accessKey', 'key']);
      }
    });

    it('B25 removes a key of ours in Basic from any header, and leaves what others have there', async () => {
      const basic = (text: string, scheme = 'Basic ') => scheme + Buffer.from(text).toString('base64');
      const headers = {
        'proxy-authorization': basic(`${makeSecret('api_key')}:`),
        'x-upstream-auth': basic(`user:${makeSecret('legacy_key')}`, 'bAsIc\t'),
        'x-other': basic(`user:${'a'.repeat(60)}`),
        'x-short': 'Basic',
      };
      const { okResponse } = await service.check(modelCall({ accessKey: accessKeys.open, headers }));
      expect(okResponse?.headersToRemove).to.include.members(['proxy-authorization', 'x-upstream-auth']);
      expect(okResponse?.headersToRemove).to.not.include.members(['x-other']);
      expect(okResponse?.headersToRemove).to.not.include.members(['x-short']);
    });

    it('B25 keeps the headers of API keys where that is set, and no key of ours anywhere else', async () => {
      const keeping = await startCheckService({ transport, snapshot: snapshotWith(), keepCredentials: true });
      const key = makeSecret('api_key');
      const headers = { authorization: `Bearer ${apiKeys.viewer}`, 'api-key': 'own', cookie: `c=${key}`, apikey: key };
      const path = `/model?key=${key}&accessKey=${accessKeys.fraud}`;
      const { okResponse } = await keeping.check(modelCall({ path, headers }));
      await keeping.stop();
      expect(okResponse?.headersToRemove).to.include.members(['x-model-access-key', 'apikey', 'cookie']);
      expect(okResponse?.headersToRemove).to.not.include.members(['authorization']);
      expect(okResponse?.headersToRemove).to.not.include.members(['api-key']);
      expect(okResponse?.queryParametersToRemove).to.deep.equal(['accessKey', 'key']);
    });

    it('B53 lets a call pass by the one key of ours, and removes each header that held one, and no other', async () => {
      const key = apiKeys.viewer;
      const removedFor = async (accessKey: string, headers: Record<string, string>) => {
        const { okResponse } = await service.check(modelCall({ accessKey, headers }));
        const apiKeyHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'];
        expect(okResponse?.headers?.map(({ header }) => header?.key)).to.include('x-modelgate-principal');
        return okResponse?.headersToRemove?.filter(name => apiKeyHeaders.includes(name));
      };
      const { fraud, open } = accessKeys;
      const both = ['authorization', 'x-api-key'];
      expect(await removedFor(fraud, { 'api-key': key })).to.deep.equal([...both, 'api-key']);
      expect(await removedFor(open, { 'api-key': key })).to.deep.equal(['api-key']);
      expect(await removedFor(open, { 'api-key': key, authorization: 'Bearer own' })).to.deep.equal(['api-key']);
      expect(await removedFor(open, { 'api-key': 'own', 'x-api-key': key })).to.deep.equal(['x-api-key']);
      const twice = { authorization: `Bearer ${key}`, 'api-key': 'own', 'x-goog-api-key': key };
      expect(await removedFor(fraud, twice)).to.deep.equal([...both, 'x-goog-api-key']);
      expect(await removedFor(open, twice)).to.deep.equal(['authorization', 'x-goog-api-key']);
    });

    it('B53 says which headers an API key may stand in where there is none', async () => {
      const { deniedResponse } = await service.check(modelCall({ accessKey: accessKeys.fraud }));
      for (const name of ['Authorization: Bearer', 'x-api-key', 'api-key', 'x-goog-api-key']) {
        expect(deniedResponse?.body).to.include(name);
      }
    });

    it('B25 removes a key known by its digest alone, whatever is written around it, from an open model', async () => {
      const key = apiKeys.viewer;
      for (const authorization of [
        `Digest response=${key}`,
        `ApiKey "${key}"`,
        `Bearer ${key};v=1`,
        `Bearer (${key})`,
        `a b c d e f g h ${key}`,
        `${'a b=c,'.repeat(40)} ${Array.from({ length: 70 }, (_, index) => `w${index}`).join(' ')} ${key}`,
      ]) {
        const { okResponse } = await service.check(
          modelCall({ accessKey: accessKeys.open, headers: { authorization } }),
        );
        expect(okResponse?.headersToRemove, authorization).to.include('authorization');
      }
    });
  });
}
