import { expect } from 'chai';
import { readQuery } from '../../../src/credentials/read-query.ts';
import { expectTimesLonger } from '../../support/times-longer.ts';
import { AK, OTHER } from './request-with.ts';

const ABSENT = { placement: { kind: 'absent' }, named: false };
const BLANK = { placement: { kind: 'absent' }, named: true };

function named(accessKey: string) {
  return { placement: { kind: 'one', accessKey }, named: true };
}

function kindOf(query: string): string {
  return readQuery(`/model?${query}`, '').placement.kind;
}

describe('B2 the query parameter accessKey', () => {
  it('is read from the path, wherever it stands', () => {
    for (const path of [`/model?accessKey=${AK}`, `/?a=1&accessKey=${AK}&b`, `?&&accessKey=${AK}&`]) {
      expect(readQuery(path, ''), path).to.deep.equal(named(AK));
    }
  });

  it('is read from the separate query field too', () => {
    expect(readQuery('/model', `a=1&accessKey=${AK}`)).to.deep.equal(named(AK));
    expect(readQuery(`/model?accessKey=${AK}`, `accessKey=${AK}`)).to.deep.equal(named(AK));
  });

  it('is absent where there is no query, an empty one, or another case', () => {
    for (const path of [
      '/model',
      '/model?',
      '/model/accessKey=x',
      `/model?accesskey=${AK}`,
      `/model?AccessKey=${AK}`,
      '',
    ]) {
      expect(readQuery(path, ''), path).to.deep.equal(ABSENT);
    }
  });

  it('is another parameter when its name is longer or shorter', () => {
    for (const name of [
      'accessKe',
      'accessKeys',
      'accessKey%00',
      '+accessKey',
      ' accessKey',
      'accessKey[]',
      'accessKey;',
    ]) {
      expect(readQuery(`/model?${name}=${AK}`, ''), name).to.deep.equal(ABSENT);
    }
  });

  it('is there but absent as a key where it is blank', () => {
    for (const query of ['accessKey', 'accessKey=', 'accessKey=%20', 'accessKey= \t&accessKey=%0A']) {
      expect(readQuery(`/model?${query}`, ''), query).to.deep.equal(BLANK);
    }
  });
});

describe('B3 the value of the query parameter', () => {
  const values: [string, string][] = [
    [`%20${AK}%20`, AK],
    [`%09%0a%0B%0c%0D${AK}`, AK],
    [`%6D${AK.slice(1)}`, AK],
    [`%2520${AK}`, `%20${AK}`],
    [`+${AK}+`, `+${AK}+`],
    [`${AK}%`, `${AK}%`],
    [`${AK}%zz`, `${AK}%zz`],
    [`%20${AK}%FF`, `%20${AK}%FF`],
    [`%C2%A0${AK}`, `\u00a0${AK}`],
    [`${AK}%00`, `${AK}\0`],
    [`${AK}=x`, `${AK}=x`],
    [`${AK}?accessKey=${OTHER}`, `${AK}?accessKey=${OTHER}`],
  ];
  for (const [raw, value] of values) {
    it(`${JSON.stringify(raw)} is decoded once, trimmed, and otherwise kept`, () => {
      expect(readQuery(`/model?accessKey=${raw}`, '')).to.deep.equal(named(value));
    });
  }
});

describe('B4 query parameters that contradict each other', () => {
  it('are ambiguous with two different values, a blank beside a key too', () => {
    for (const [one, two] of [
      [AK, OTHER],
      [AK, ''],
      ['', AK],
      [AK, `${AK}%00`],
      ['%', '%%'],
    ]) {
      expect(kindOf(`accessKey=${one}&a=1&accessKey=${two}`)).to.equal('ambiguous');
      expect(readQuery(`/model?accessKey=${one}`, `accessKey=${two}`).placement.kind).to.equal('ambiguous');
    }
  });

  it('pass with equal values, however they are spelled', () => {
    expect(readQuery(`/model?accessKey=${AK}&accessKey=%20${AK}&accessKey=${AK}`, '')).to.deep.equal(named(AK));
  });

  it('are told to be there even when they contradict each other', () => {
    expect(readQuery(`/model?accessKey=${AK}&accessKey=${OTHER}`, '').named).to.equal(true);
  });
});

describe('T10 spellings of path and query', () => {
  it('refuses a name that only decodes to accessKey, also with an equal or blank value', () => {
    for (const name of ['access%4Bey', 'access%4bey', '%61ccessKey', '%61%63%63%65%73%73%4b%65%79', 'accessKe%79']) {
      expect(kindOf(`${name}=${AK}`), name).to.equal('ambiguous');
      expect(kindOf(`accessKey=${AK}&${name}=${AK}`), name).to.equal('ambiguous');
      expect(kindOf(name), name).to.equal('ambiguous');
    }
  });

  it('takes a name that decodes to something else, or only decodes twice, for another parameter', () => {
    for (const name of ['access%6Bey', 'access%254Bey', 'access%4', 'access%4Bey%', 'access%4Be', '%accessKey']) {
      expect(readQuery(`/model?${name}=${AK}`, ''), name).to.deep.equal(ABSENT);
    }
  });

  it('splits at nothing but &', () => {
    for (const separator of [';', '#', '\0', ',', '%26', '\n']) {
      expect(readQuery(`/model?a=1${separator}accessKey=${AK}`, ''), separator).to.deep.equal(ABSENT);
      expect(readQuery(`/model?accessKey=${AK}${separator}a=1`, '')).to.not.deep.equal(named(AK));
    }
  });

  it('begins the query at the first question mark, before and after a #', () => {
    expect(readQuery(`/model#?accessKey=${AK}`, '')).to.deep.equal(named(AK));
    expect(readQuery(`/model??accessKey=${AK}`, '')).to.deep.equal(ABSENT);
    expect(readQuery(`/model%3FaccessKey=${AK}`, '')).to.deep.equal(ABSENT);
  });

  it('reads long rows of parameters in linear time', () => {
    for (const piece of ['&', '%&', 'a&', 'accessKey=%&', 'access%4&']) {
      const [small, large] = [25_000, 100_000].map(times => `/model?${piece.repeat(times)}`) as [string, string];
      // Linear takes 4 times as long, quadratic 16 times.
      expectTimesLonger(
        { below: 10, what: piece },
        () => expect(readQuery(large, '').placement.kind).to.be.oneOf(['absent', 'one']),
        () => readQuery(small, ''),
      );
    }
  });
});
