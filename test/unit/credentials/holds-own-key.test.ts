import { expect } from 'chai';
import { holdsKeyOfOurs, textsIn } from '../../../src/credentials/holds-own-key.ts';
import { expectTimesLonger } from '../../support/times-longer.ts';

const TAIL = 'aZ09bY18cX27dW36eV45fU54gT63hS72iR81jQ90kP0lO1mN2';

describe('B25 a header that holds a key of our own form', () => {
  it('is recognised with each prefix, with or without a scheme, anywhere in the value', () => {
    for (const kind of ['k', 'l', 's']) {
      const key = `mg${kind}_${TAIL}`;
      for (const value of [key, `Bearer ${key}`, `Token token="${key}"`, `x_y_${key}z`, `Bearer a, Bearer ${key}`]) {
        expect(holdsKeyOfOurs(value), value).to.equal(true);
      }
    }
  });

  it('is recognised inside of Basic, as user or as password, whatever the case of the scheme', () => {
    for (const pair of [`mgl_${TAIL}:`, `user:mgk_${TAIL}`]) {
      for (const scheme of ['Basic ', 'basic  ', 'BASIC\t', 'Bearer x, Basic ']) {
        expect(holdsKeyOfOurs(`${scheme}${btoa(pair)}`), scheme).to.equal(true);
      }
    }
  });

  it('is not taken for one where the form is not met', () => {
    const short = TAIL.slice(1);
    for (const value of [
      '',
      '_',
      `mgk_${short}`,
      `mgx_${TAIL}`,
      `MGK_${TAIL}`,
      `mgk-${TAIL}`,
      `gk_${TAIL}`,
      `mgk_-${short}`,
    ]) {
      expect(holdsKeyOfOurs(value), value).to.equal(false);
    }
  });

  it('is not taken for one where another key or scheme is the model owner’s', () => {
    for (const value of [
      'Bearer sk-abcdef',
      'Basic dXNlcjpwYXNz',
      'Basic',
      `Bearer ${btoa(`mgk_${TAIL}:`)}`,
      'Basic %%%',
    ]) {
      expect(holdsKeyOfOurs(value), value).to.equal(false);
    }
  });

  it('reads long hostile values in linear time', () => {
    for (const piece of ['mgk_', `mgk_${TAIL.slice(1)}-`, 'Basic ,', '_']) {
      const [small, large] = [piece.repeat(20_000), piece.repeat(80_000)];
      // Linear takes 4 times as long, quadratic 16 times.
      expectTimesLonger(
        { below: 10, what: piece },
        () => expect(holdsKeyOfOurs(large)).to.equal(false),
        () => holdsKeyOfOurs(small),
      );
    }
  });
});

describe('B25 the words of a header that could be a key known only by digest', () => {
  it('end at whitespace, at a comma or colon, and at bytes that stand in no key', () => {
    const noBreakSpace = '\u00a0';
    const asLatin1 = Buffer.from(noBreakSpace).toString('latin1');
    for (const end of [' ', '\t', ',', ':', ' ,: ', noBreakSpace, asLatin1, 'ä', '\u200b']) {
      expect([...(textsIn(`Bearer a.b-c${end}`) ?? [])], JSON.stringify(end)).to.include.members(['Bearer', 'a.b-c']);
    }
  });

  it('B25 are found within what is written around a key, and as they stand', () => {
    for (const key of ['64hex.64hex', 'base/64+key==', 'a-b_c~d']) {
      for (const value of [
        `Digest response=${key}`,
        `ApiKey "${key}"`,
        `Bearer ${key};v=1`,
        `Bearer (${key})`,
        `a b c d e f g h ${key}`,
        `Token token="${key}", nonce="x"`,
        `key: <${key}>`,
      ]) {
        expect(textsIn(value)?.has(key), value).to.equal(true);
      }
    }
    for (const key of ['a:b', 'x"y', 'p=q;r']) expect(textsIn(`Bearer ${key}`)?.has(key), key).to.equal(true);
  });

  it('B25 are not told where they are too many, so that the header goes', () => {
    const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
    expect(textsIn(words(60))?.size).to.equal(60);
    expect(textsIn(words(70))).to.equal(undefined);
    for (const value of ['a '.repeat(65), 'a,'.repeat(65), 'basic a,'.repeat(7000)]) {
      expect(textsIn(value), value.slice(0, 20)).to.equal(undefined);
    }
    expect(textsIn('a '.repeat(60))?.size).to.equal(1);
  });
});
