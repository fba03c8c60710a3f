import { expect } from 'chai';
import { type ApiKeyHeader, apiKeyHeaders } from '../../../src/credentials/credentials.ts';
import { readApiKey as readFrom } from '../../../src/credentials/read-api-key.ts';

const KEY = `mgk_${'a1B2c3D'.repeat(7)}`;
const ONE = { kind: 'one', apiKey: KEY };
const ABSENT = { kind: 'absent' };
const MALFORMED = { kind: 'malformed' };

function readAll(headers: Partial<Record<ApiKeyHeader, string>>) {
  return readFrom({ header: name => headers[name as ApiKeyHeader] });
}

function readApiKey(authorization: string | undefined, bare: string | undefined) {
  return readFrom({ header: name => ({ authorization, 'x-api-key': bare })[name as string] });
}

describe('B6 Authorization: Bearer', () => {
  it('holds the key, whatever the case of the scheme and the space around the key', () => {
    for (const value of [`Bearer ${KEY}`, `bearer ${KEY}`, `BEARER\t${KEY}`, ` bEaReR \t  ${KEY} \t`]) {
      expect(readApiKey(value, undefined), value).to.deep.equal(ONE);
    }
  });

  it('is absent where it is not sent or blank', () => {
    for (const value of [undefined, '', ' \t']) expect(readApiKey(value, undefined), value).to.deep.equal(ABSENT);
  });

  it('is malformed with another scheme, or with nothing after the scheme', () => {
    for (const value of [
      `Basic ${btoa(`${KEY}:`)}`,
      `Token ${KEY}`,
      KEY,
      'Bearer',
      'bearer \t',
      `Bearer${KEY}`,
      `Bearer:${KEY}`,
    ]) {
      expect(readApiKey(value, undefined), value).to.deep.equal(MALFORMED);
    }
  });

  it('passes on any printable text, since a key is looked up whatever its form (B42)', () => {
    const imported = `${'0f'.repeat(32)}.${'a9'.repeat(32)}`;
    for (const apiKey of [imported, 'a', '!~', 'eyJh.eyJz.c2ln', 'Bearer']) {
      expect(readApiKey(`Bearer ${apiKey}`, undefined)).to.deep.equal({ kind: 'one', apiKey });
    }
  });

  it('is malformed with any byte outside printable ASCII, a comma, or whitespace inside, in either header (T4)', () => {
    for (let code = 0; code < 0x180; code += 1) {
      const apiKey = `${KEY}${String.fromCharCode(code)}x`;
      const expected = code > 0x20 && code < 0x7f && code !== 0x2c ? { kind: 'one', apiKey } : MALFORMED;
      expect(readApiKey(`Bearer ${apiKey}`, undefined), `Bearer, ${code}`).to.deep.equal(expected);
      expect(readApiKey(undefined, apiKey), `x-api-key, ${code}`).to.deep.equal(expected);
    }
  });

  it('is malformed where it is repeated', () => {
    expect(readApiKey(`Bearer ${KEY},Bearer ${KEY}`, undefined)).to.deep.equal(MALFORMED);
    expect(readApiKey(`Bearer ${KEY}, Bearer other`, undefined)).to.deep.equal(MALFORMED);
  });

  it('does not skip other whitespace than space and tab after the scheme', () => {
    for (const space of ['\v', '\f', '\n', '\r', '\u00a0', ' \v']) {
      expect(readApiKey(`Bearer${space}${KEY}`, undefined)).to.deep.equal(MALFORMED);
    }
  });
});

describe('B6 x-api-key', () => {
  it('holds the key, trimmed', () => {
    expect(readApiKey(undefined, ` ${KEY}\t`)).to.deep.equal(ONE);
  });

  it('is absent where it is blank, and leaves the word to Authorization', () => {
    expect(readApiKey(undefined, ' ')).to.deep.equal(ABSENT);
    expect(readApiKey(`Bearer ${KEY}`, '')).to.deep.equal(ONE);
    expect(readApiKey('', KEY)).to.deep.equal(ONE);
  });

  it('is malformed with a scheme or a comma in it', () => {
    for (const value of [`Bearer ${KEY}`, `${KEY},${KEY}`]) {
      expect(readApiKey(undefined, value), value).to.deep.equal(MALFORMED);
    }
  });
});

describe('B53 the bare headers', () => {
  it('are each read alone as x-api-key is', () => {
    for (const name of apiKeyHeaders.slice(1)) {
      expect(readAll({ [name]: ` ${KEY}` }), name).to.deep.equal(ONE);
      expect(readAll({ [name]: `Bearer ${KEY}` }), name).to.deep.equal(MALFORMED);
      expect(readAll({ [name]: '' }), name).to.deep.equal(ABSENT);
    }
  });
});

describe('B6 B53 several headers', () => {
  it('are one key where they are equal', () => {
    expect(readApiKey(`Bearer ${KEY}`, ` ${KEY}`)).to.deep.equal(ONE);
    const bare = { 'x-api-key': KEY, 'api-key': KEY, 'x-goog-api-key': KEY };
    expect(readAll({ authorization: `bearer ${KEY}`, ...bare })).to.deep.equal(ONE);
  });

  it('are handed on where they are not all one key, blank ones apart', () => {
    expect(readAll({ authorization: 'Basic dTpw', 'x-api-key': ' ', 'api-key': `${KEY} ` })).to.deep.equal({
      kind: 'several',
      sent: [
        { value: 'Basic dTpw', apiKey: undefined },
        { value: KEY, apiKey: KEY },
      ],
    });
    expect(readApiKey('Basic dTpw', 'a b').kind).to.equal('several');
  });
});
