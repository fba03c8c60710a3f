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
        'api-key': key,
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
        expect(okResponse?.headersToRemove).to.include.members(['api-key', 'x-auth-token', 'cookie']);
        expect(okResponse?.headersToRemove).to.not.include.members(['x-goog-api-key', 'x-other']);
        expect(okResponse?.queryParametersToRemove).to.deep.equal(['accessKey', 'key']);
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
