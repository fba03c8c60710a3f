import { expect } from 'chai';
import { type BodyScan, scanBody } from '../../../src/credentials/scan-body.ts';
import { AK, OTHER } from './request-with.ts';

function scan(body: string | Uint8Array): BodyScan {
  return scanBody(Buffer.from(body));
}

const NOTHING: BodyScan = {
  accessKey: undefined,
  conflict: false,
  notAString: false,
  folded: undefined,
  whole: false,
};

function wholeWith(parts: Partial<BodyScan>): BodyScan {
  return { ...NOTHING, whole: true, ...parts };
}

describe('B2 scanBody finds the top-level member accessKey', () => {
  const found: [string, string][] = [
    ['as the only member', `{"accessKey":"${AK}"}`],
    ['as the first member', `{"accessKey":"${AK}","request":{"dob":"19 - 22","total_transaction":731064773}}`],
    [
      'as the last member, after a long request',
      `{"request":{"messages":["${'x'.repeat(9000)}"]},"accessKey":"${AK}"}`,
    ],
    ['between whitespace of all four kinds', ` \t\r\n{ \n"accessKey"\t:\r "${AK}" } \n`],
    ['with whitespace around the value', `{"accessKey":" \\t\\n\\u000b\\f\\r${AK} "}`],
    ['with an escaped name', `{"\\u0061ccess\\u004bey":"${AK}"}`],
    ['with a name of escapes only', `{"${Array.from('accessKey', escaped).join('')}":"${AK}"}`],
    ['with an escaped value', `{"accessKey":"\\u006d${AK.slice(1)}"}`],
    ['after a string that ends in an escaped backslash', `{"a":"\\\\","accessKey":"${AK}"}`],
    ['after a long string that ends in an escaped quote', `{"a":"${'x'.repeat(99)}\\"","accessKey":"${AK}"}`],
    ['after a long string that ends in a backslash', `{"a":"${'x'.repeat(99)}\\\\","accessKey":"${AK}"}`],
    ['after every kind of scalar', `{"a":1,"b":-0.5e+7,"c":true,"d":false,"e":null,"f":0E1,"accessKey":"${AK}"}`],
    ['after every kind of scalar in an array', `{"a":[1,-0.5e+7,true,false,null,0E1,"x"],"accessKey":"${AK}"}`],
    ['after brackets inside of strings', `{"a":["]}",{"}":"["}],"accessKey":"${AK}"}`],
    ['beside a nested one of another value', `{"a":{"accessKey":"${OTHER}"},"accessKey":"${AK}"}`],
    ['twice with equal values', `{"accessKey":"${AK}","a":1,"\\u0061ccessKey":" ${AK}"}`],
  ];
  for (const [where, body] of found) {
    it(where, () => expect(scan(body)).to.deep.equal(wholeWith({ accessKey: AK })));
  }

  it('in a view that starts within a larger buffer', () => {
    const memory = Buffer.from(`{"accessKey":"${OTHER}"}{"accessKey":"${AK}"}{`);
    const half = (memory.length - 1) / 2;
    expect(scanBody(memory.subarray(half, 2 * half))).to.deep.equal(wholeWith({ accessKey: AK }));
  });

  it('reads a blank value as an empty text', () => {
    expect(scan('{"accessKey":" \\n "}')).to.deep.equal(wholeWith({ accessKey: '' }));
  });

  it('keeps whitespace that is not ASCII', () => {
    expect(scan(`{"accessKey":"\ufeff${AK}\u00a0"}`).accessKey).to.equal(`\ufeff${AK}\u00a0`);
  });

  it('reads invalid UTF-8 in a value as U+FFFD', () => {
    const body = Buffer.concat([Buffer.from('{"accessKey":"a'), Buffer.from([0xff, 0xc3]), Buffer.from('b"}')]);
    expect(scan(body).accessKey).to.equal('a\ufffd\ufffdb');
  });

  it('finds none where only a nested member has the name', () => {
    expect(scan(`{"request":{"accessKey":"${AK}"},"list":[{"accessKey":"${AK}"}]}`)).to.deep.equal(wholeWith({}));
  });

  it('finds none in an object that is empty', () => {
    for (const body of ['{}', ' { \n} ']) expect(scan(body)).to.deep.equal(wholeWith({}));
  });

  it('finds none under a name that is longer, shorter or misspelled', () => {
    for (const name of [
      'acessKey',
      'accessKey ',
      ' accessKey',
      'accessKe',
      'accessKeys',
      '__proto__',
      'access_key',
      '',
    ]) {
      expect(scan(`{"${name}":"${AK}"}`), name).to.deep.equal(wholeWith({}));
    }
  });

  for (const value of ['1', '-0', 'true', 'false', 'null', '{}', '[]', `["${AK}"]`, `{"accessKey":"${AK}"}`]) {
    it(`tells that ${value.slice(0, 14)} is no string`, () => {
      expect(scan(`{"accessKey":${value}}`)).to.deep.equal(wholeWith({ notAString: true }));
      expect(scan(`{"accessKey":${value},"accessKey":${value}}`)).to.deep.equal(wholeWith({ notAString: true }));
    });
  }

  it('knows from the prefix of a long array that it is no string', () => {
    expect(scan('{"accessKey":[1,2,')).to.deep.equal({ ...NOTHING, notAString: true });
  });
});

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What a JSON value says as an access key: its trimmed text, or that it is none. */
function meaning(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value.trim() : null;
}

describe('B4 scanBody notices members that contradict each other', () => {
  const values = [`"${AK}"`, `"${OTHER}"`, '""', '" "', '1', 'null', '{}'];
  for (const first of values) {
    for (const second of values) {
      const conflict = meaning(first) !== meaning(second);
      it(`${first} then ${second}: ${conflict ? 'conflict' : 'none'}`, () => {
        expect(scan(`{"accessKey":${first},"a":[],"accessKey":${second}}`).conflict).to.equal(conflict);
        expect(scan(`{"\\u0061ccessKey":${first},"accessKey":${second}`).conflict).to.equal(conflict);
      });
    }
  }
});

describe('B4 scanBody tells names that only fold to accessKey apart', () => {
  it('reports the value of one in ASCII case, long s or kelvin sign, raw or escaped', () => {
    for (const name of ['AccessKey', 'accesskey', 'ACCESSKEY', 'acce\u017fsKey', 'access\u212aey', 'acces\\u017fKey']) {
      expect(scan(`{"${name}":" ${AK} "}`), name).to.deep.equal(wholeWith({ folded: AK }));
    }
  });

  it('reports that no key equals one that holds no string, or two that differ', () => {
    expect(scan('{"AccessKey":1}')).to.deep.equal(wholeWith({ folded: null }));
    expect(scan(`{"AccessKey":"${AK}","ACCESSKEY":"${OTHER}"}`)).to.deep.equal(wholeWith({ folded: null }));
    expect(scan(`{"AccessKey":1,"ACCESSKEY":"${AK}"}`)).to.deep.equal(wholeWith({ folded: null }));
    expect(scan(`{"AccessKey":"${AK}","ACCESSKEY":"${AK}"}`)).to.deep.equal(wholeWith({ folded: AK }));
  });

  it('agrees at every letter and for every code point with simple case folding', () => {
    const folds = /^accesskey$/iu;
    for (let index = 0; index < 9; index += 1) {
      for (let code = 0x20; code < 0x10000; code += 1) {
        if (code === 0x22 || code === 0x5c || (code >= 0xd800 && code < 0xe000)) continue;
        const name = 'accessKey'.slice(0, index) + String.fromCharCode(code) + 'accessKey'.slice(index + 1);
        const foldOnly = name !== 'accessKey' && folds.test(name);
        if ((scan(`{"${name}":"v"}`).folded === 'v') !== foldOnly) expect.fail(`${name} at ${index}`);
      }
    }
  });

  it('takes names equal only under full case folding for other names', () => {
    expect(scan(`{"acce\u00dfKey":"${AK}","acce\u1e9eKey":"${AK}"}`)).to.deep.equal(wholeWith({}));
  });
});

describe('B5 scanBody on bodies that Python writes and JSON.parse refuses', () => {
  const key = `"accessKey":"${AK}"`;
  for (const text of [
    `\ufeff{${key}}`,
    `\ufeff \n{${key}}`,
    ...['NaN', 'Infinity', '-Infinity', '[1.0,NaN]', '{"y":[-Infinity]}'].flatMap(value => [
      `{"x":${value},${key}}`,
      `{${key},"x":${value}}`,
    ]),
  ]) {
    it(`reads the whole of ${text.slice(0, 40)}`, () => {
      const { accessKey, whole } = scan(text);
      expect({ accessKey, whole }).to.deep.equal({ accessKey: AK, whole: true });
    });
  }
});

describe('B5 scanBody on texts that JSON.parse refuses', () => {
  const refused: [string, string][] = [
    ['two byte order marks', `\ufeff\ufeff{"accessKey":"${AK}"}`],
    ['half a byte order mark', `\u00ef{"accessKey":"${AK}"}`],
    ['a word that begins as NaN', `{"a":Nan,"accessKey":"${AK}"}`],
    ['an infinity with a plus', `{"a":+Infinity,"accessKey":"${AK}"}`],
    ['an infinity cut short', `{"a":-Infinit,"accessKey":"${AK}"}`],
    ['an array', `["accessKey","${AK}"]`],
    ['an array around the object', `[{"accessKey":"${AK}"}]`],
    ['a string', `"accessKey"`],
    ['a number', '12'],
    ['nothing', ''],
    ['whitespace', ' \n'],
    ['a form', `accessKey=${AK}`],
    ['a name without quotes', `{accessKey:"${AK}"}`],
    ['a name in single quotes', `{'accessKey':"${AK}"}`],
    ['a value in single quotes', `{"accessKey":'`],
    ['no colon', `{"accessKey" "${AK}"}`],
    ['a leading comma', `{,"accessKey":"${AK}"}`],
    ['a comment', `{/**/"accessKey":"${AK}"}`],
    ['a comment that hides a quote', `{"a":[/*"*/],"accessKey":"${AK}"}`],
    ['a comment in an array', `{"a":[/**/],"accessKey":"${AK}"}`],
    ['a text in single quotes in an array', `{"a":['x'],"accessKey":"${AK}"}`],
    ['a semicolon in place of a comma', `{"a":1;"accessKey":"${AK}"}`],
    ['an equals sign in place of a colon', `{"accessKey"="${AK}"}`],
    ['a number with a leading zero', `{"a":01,"accessKey":"${AK}"}`],
    ['a number with a plus', `{"a":+1,"accessKey":"${AK}"}`],
    ['a number without digits', `{"a":-,"accessKey":"${AK}"}`],
    ['a number that ends in a point', `{"a":1.,"accessKey":"${AK}"}`],
    ['a number without exponent digits', `{"a":1e+,"accessKey":"${AK}"}`],
    ['a misspelled literal', `{"a":nul,"accessKey":"${AK}"}`],
    ['a raw control character in a name that may match', `{"access\nKey":1,"accessKey":"${AK}"}`],
    ['an invalid escape in a name that may match', `{"acce\\ssKey":1,"accessKey":"${AK}"}`],
    ['a raw line feed in the value', `{"accessKey":"\n${AK}"}`],
    ['an invalid escape in the value', `{"accessKey":"\\m${AK}"}`],
    ['a value cut short', `{"accessKey":"${AK}`],
    ['a value cut after its backslash', `{"accessKey":"${AK}\\`],
    ['no value', `{"accessKey":`],
    ['a name cut short', '{"access'],
  ];
  for (const [what, body] of refused) {
    it(`answers no key for ${what}`, () => {
      const { accessKey, whole } = scan(body);
      expect({ accessKey, whole }).to.deep.equal({ accessKey: undefined, whole: false });
    });
  }

  for (const rest of [
    '',
    ',',
    ',}',
    ' x}',
    '}}',
    '},',
    '}\ufeff',
    '}{}',
    ',"a"}',
    ',"a":}',
    ',"a":[}',
    ',1:2}',
    '\0}',
  ]) {
    it(`answers the key that stood before the fault in …${JSON.stringify(rest)}`, () => {
      expect(scan(`{"accessKey":"${AK}"${rest}`)).to.deep.equal({ ...NOTHING, accessKey: AK });
    });
  }
});
