import { expect } from 'chai';
import { makeAccessKey, makeKeyId } from '../../../src/keys/access-key.ts';
import { hasSecretForm, makeSecret } from '../../../src/keys/secret.ts';

describe('keys: forms of secrets', () => {
  it('B42 makes a prefix, 43 base62 characters and a checksum of 6', () => {
    expect(makeSecret('api_key')).to.match(/^mgk_[0-9A-Za-z]{49}$/);
    expect(makeSecret('legacy_key')).to.match(/^mgl_[0-9A-Za-z]{49}$/);
    expect(makeSecret('sidecar_token')).to.match(/^mgs_[0-9A-Za-z]{49}$/);
  });

  it('B42 tells by the checksum a real one from one that was altered in any place', () => {
    const secret = makeSecret('api_key');
    expect(hasSecretForm('api_key', secret)).to.equal(true);
    expect(hasSecretForm('legacy_key', secret)).to.equal(false);
    for (let at = 0; at < secret.length; at += 1) {
      const other = secret[at] === 'x' ? 'y' : 'x';
      const altered = secret.slice(0, at) + other + secret.slice(at + 1);
      expect(hasSecretForm('api_key', altered), `altered at ${at}`).to.equal(false);
    }
  });

  it('makes each one once', () => {
    const made = Array.from({ length: 1000 }, () => makeSecret('api_key'));
    expect(new Set(made).size).to.equal(1000);
  });

  it('makes access keys of m and 31 of [0-9a-z], and Key IDs of 16', () => {
    expect(makeAccessKey()).to.match(/^m[0-9a-z]{31}$/);
    expect(makeKeyId()).to.match(/^[0-9a-z]{16}$/);
  });
});
