import { expect } from 'chai';
import { readAccessKeyHeader } from '../../../src/credentials/read-access-key-header.ts';
import { AK, OTHER } from './request-with.ts';

describe('B2 the header x-model-access-key', () => {
  it('is absent where it is not sent, or blank, or a row of blanks', () => {
    for (const value of [undefined, '', ' \t', ',', ' , ,\t']) {
      expect(readAccessKeyHeader(value), value).to.deep.equal({ kind: 'absent' });
    }
  });

  it('names the key, trimmed but not decoded', () => {
    expect(readAccessKeyHeader(` ${AK}\t`)).to.deep.equal({ kind: 'one', accessKey: AK });
    expect(readAccessKeyHeader(`%20${AK}`)).to.deep.equal({ kind: 'one', accessKey: `%20${AK}` });
    expect(readAccessKeyHeader(`\u00a0${AK}`)).to.deep.equal({ kind: 'one', accessKey: `\u00a0${AK}` });
  });
});

describe('B4 a repeated header x-model-access-key', () => {
  it('names the key where all its values are equal', () => {
    expect(readAccessKeyHeader(`${AK}, ${AK},${AK} `)).to.deep.equal({ kind: 'one', accessKey: AK });
  });

  it('is ambiguous where two of its values differ, a blank beside a key too', () => {
    for (const value of [`${AK},${OTHER}`, `${AK},${AK}, ${OTHER}`, `${AK},`, `,${AK}`, `${AK},,${AK}`]) {
      expect(readAccessKeyHeader(value), value).to.deep.equal({ kind: 'ambiguous' });
    }
  });
});
