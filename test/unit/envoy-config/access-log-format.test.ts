import { expect } from 'chai';
import { apiKeyHeaders } from '../../../src/credentials/credentials.ts';
import { leaks } from '../../../src/envoy-config/access-log-format.ts';

describe('B53 T24 an access log', () => {
  it('leaks where it writes any header in which a key may stand', () => {
    for (const name of [...apiKeyHeaders, 'x-model-access-key']) {
      expect(leaks(`%REQ(${name})%`), name).to.equal(true);
      expect(leaks(`%REQ(X-OTHER?${name.toUpperCase()}):10%`), name).to.equal(true);
    }
    expect(leaks('%REQ(x-request-id)% %REQ(x-api-key-id)%')).to.equal(false);
  });
});
