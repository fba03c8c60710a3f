import { expect } from 'chai';
import { makeAccessKey, makeKeyId } from '../../../src/keys/access-key.ts';
import { withoutKeys } from '../../../src/keys/keys-in-text.ts';
import { makeSecret } from '../../../src/keys/secret.ts';

describe('keys: texts for people', () => {
  it('T24 hold no secret and no access key, also where it is only a part or its checksum is wrong', () => {
    const [apiKey, legacyKey, accessKey] = [makeSecret('api_key'), makeSecret('legacy_key'), makeAccessKey()];
    const text = `no user ${apiKey}; "${legacyKey}x", models/${accessKey}: unknown`;
    expect(withoutKeys(text)).to.equal('no user [key]; "[key]", models/[key]: unknown');
    expect(withoutKeys(`${apiKey.slice(0, -1)}_`)).to.equal('[key]_');
    expect(withoutKeys(`mgk_${'x'.repeat(49)}`)).to.equal('[key]');
  });

  it('keep names, Key IDs and digests', () => {
    const text = `model modelgate-demo_01, key ${makeKeyId()}, digest ${'m'.repeat(64)}, mgk_short`;
    expect(withoutKeys(text)).to.equal(text);
  });
});
