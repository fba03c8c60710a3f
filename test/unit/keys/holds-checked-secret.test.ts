import { expect } from 'chai';
import { holdsCheckedSecret } from '../../../src/keys/holds-checked-secret.ts';
import { makeSecret } from '../../../src/keys/secret.ts';
import { expectTimesLonger } from '../../support/times-longer.ts';

const kinds = ['api_key', 'legacy_key', 'sidecar_token', 'session'] as const;
const holds = (text: string) => holdsCheckedSecret(Buffer.from(text, 'latin1'), 0, text.length);

describe('B25 B42 a secret of ours anywhere in some bytes', () => {
  it('is found whatever stands around it', () => {
    for (const kind of kinds) {
      const key = makeSecret(kind);
      const almost = `mgk_${'a'.repeat(46)}`;
      for (const around of ['', ' ', '"', '_', 'x', '0'.repeat(60), 'a_b'.repeat(30), 'mgk_', almost, '\u00ff']) {
        for (const text of [around + key, key + around, around + key + around])
          expect(holds(text), text).to.equal(true);
      }
    }
  });

  it('is found where its prefix is the end of one whose checksum is wrong', () => {
    const key = makeSecret('api_key');
    expect(holds(`mgk_${'a'.repeat(46)}${key}`)).to.equal(true);
  });

  it('is none with a wrong checksum, cut short, or only partly between the places', () => {
    const key = makeSecret('api_key');
    const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    for (const text of ['', 'mgk_', wrong, key.slice(1), key.slice(0, -1), key.replace('mgk_', 'mgx_')]) {
      expect(holds(text), text).to.equal(false);
    }
    expect(holdsCheckedSecret(Buffer.from(key), 0, key.length - 1)).to.equal(false);
    expect(holdsCheckedSecret(Buffer.from(key), 1, key.length)).to.equal(false);
  });

  it('T8 is looked for in linear time', () => {
    for (const piece of ['mgk_', `mgk_${'a'.repeat(49)}`, `_${'a'.repeat(48)}-`, '_', '-', 'a']) {
      const [small, large] = [piece.repeat(20_000), piece.repeat(80_000)].map(text => Buffer.from(text)) as [
        Buffer,
        Buffer,
      ];
      expectTimesLonger(
        { below: 10, what: piece },
        () => expect(holdsCheckedSecret(large, 0, large.length)).to.equal(false),
        () => holdsCheckedSecret(small, 0, small.length),
      );
    }
  });
});
