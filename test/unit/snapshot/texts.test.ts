import { expect } from 'chai';
import {
  packText,
  shortTextLettersMax,
  shortTextWords,
  unpackText,
} from '../../../src/snapshot/columns/short-texts.ts';
import { Texts } from '../../../src/snapshot/columns/texts.ts';

const odd = [
  '',
  'a',
  'Ada',
  'é',
  'Ж',
  '\u{1f511}',
  '\ud800',
  '\0',
  'x'.repeat(127),
  'x'.repeat(128),
  'Ж'.repeat(5000),
  'y'.repeat(70_000),
];

describe('snapshot: texts outside the heap', () => {
  it('come back as they were, and equal themselves only', () => {
    const texts = new Texts();
    const places = odd.map(text => texts.add(text));
    expect(places.map(place => texts.read(place))).to.deep.equal(odd);
    expect(places).to.not.include(0);
    for (const place of places) {
      expect(odd.filter(text => texts.equals(place, text))).to.deep.equal([texts.read(place)]);
    }
  });

  it('leave their place to the next of their size, and to no other', () => {
    const texts = new Texts();
    const kept = texts.add('kept');
    const first = texts.add('a'.repeat(20));
    const second = texts.add('b'.repeat(20));
    texts.remove(first);
    texts.remove(second);
    expect(texts.add('c'.repeat(30))).to.not.be.oneOf([first, second]);
    expect([texts.add('d'.repeat(20)), texts.add('e'.repeat(20))]).to.deep.equal([second, first]);
    expect([kept, first, second].map(place => texts.read(place))).to.deep.equal([
      'kept',
      'e'.repeat(20),
      'd'.repeat(20),
    ]);
  });

  it('take no more memory for any number that come and go', () => {
    const texts = new Texts();
    const long = 'z'.repeat(20_000);
    const places = new Set<number>();
    for (let turn = 0; turn < 5000; turn += 1) {
      const place = texts.add(turn % 2 ? long : `text-${turn % 10}-of-some-length`);
      places.add(place);
      texts.remove(place);
    }
    expect(places.size).to.be.at.most(2);
  });
});

describe('snapshot: short texts in three words', () => {
  const words = new Int32Array(shortTextWords);

  it('are those that ids are made of, and come back as they were', () => {
    for (const text of [
      'a',
      '0',
      '-',
      'a1b2c3d4e5f6g7h8',
      'user-0000001',
      '..________________',
      '9'.repeat(shortTextLettersMax),
    ]) {
      expect(packText(text, words), text).to.equal(true);
      expect(words[0]).to.not.equal(0);
      expect(unpackText(words, 0)).to.equal(text);
    }
  });

  it('are no others', () => {
    for (const text of ['', 'A', 'a@b', 'é', 'a\0', '\0', 'š', 'x'.repeat(shortTextLettersMax + 1)]) {
      expect(packText(text, words), text).to.equal(false);
    }
  });
});
