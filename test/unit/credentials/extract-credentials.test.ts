import { expect } from 'chai';
import { AK, accessKeyOf, BODY_BYTES_MAX, credentialsOf, ONE, OTHER, type RequestParts } from './request-with.ts';

const ABSENT = { kind: 'absent' };
const AMBIGUOUS = { kind: 'ambiguous' };
const NOT_A_STRING = { kind: 'not_a_string' };
const INCOMPLETE = { kind: 'incomplete', seen: { kind: 'absent' } };

const PATH = `/model?accessKey=${AK}`;
const HEADER = { 'x-model-access-key': AK };
const FLAGGED = { 'x-envoy-auth-partial-body': 'true' };
const BODY = `{"accessKey":"${AK}","request":{}}`;

/** A complete JSON object whose members are the given text. */
function json(members: string): string {
  return `{${members},"request":{"a":1}}`;
}

function each(cases: [string, RequestParts][], expected: object): void {
  for (const [title, parts] of cases) it(title, () => expect(accessKeyOf(parts)).to.deep.equal(expected));
}

describe('C1, C3, C6, C7, C19, C21 requests seen in the field', () => {
  it('C1 names the model in the body and the caller in Authorization', () => {
    const body = `{"accessKey":"${AK}","request":{"dob":"19 - 22","total_transaction":731064773}}`;
    expect(credentialsOf({ body, headers: { authorization: 'Bearer KEY' } })).to.deep.equal({
      accessKey: ONE,
      apiKey: { kind: 'one', apiKey: 'KEY' },
      pin: undefined,
      accessKeyInQuery: false,
    });
  });

  it('C3 names the model in the query, with a body that names none', () => {
    const parts = { path: PATH, body: '{"request":{"accessKey":5}}', headers: { authorization: 'bearer KEY' } };
    expect(credentialsOf(parts)).to.deep.equal({
      accessKey: ONE,
      apiKey: { kind: 'one', apiKey: 'KEY' },
      pin: undefined,
      accessKeyInQuery: true,
    });
  });

  it('C6 names the model in the last member, after a long request', () => {
    const messages = JSON.stringify(
      Array.from({ length: 40 }, () => ({ role: 'user', content: 'a "quoted" \\ text' })),
    );
    expect(
      accessKeyOf({ body: `{"request":{"messages":${messages},"max_tokens":128},"accessKey":"${AK}"}` }),
    ).to.deep.equal(ONE);
  });

  it('C7 names the model in a query value with encoded space around it', () => {
    expect(accessKeyOf({ path: `/model?accessKey=%20${AK}%20` })).to.deep.equal(ONE);
  });

  it('C19 names none with a misspelled member or a form', () => {
    expect(accessKeyOf({ body: `{"acessKey":"${AK}"}` })).to.deep.equal(ABSENT);
    expect(accessKeyOf({ body: `accessKey=${AK}` })).to.deep.equal(ABSENT);
  });

  it('C21 names the model in the query beside a body beyond the limit', () => {
    const body = `{"request":"${'x'.repeat(BODY_BYTES_MAX)}`;
    expect(accessKeyOf({ path: PATH, body, headers: { ...FLAGGED, 'content-length': '6000000' } })).to.deep.equal(ONE);
  });
});

describe('B2 the placements', () => {
  each(
    [
      ['the body alone', { body: BODY }],
      ['the query alone', { path: PATH }],
      ['the query field alone', { query: `accessKey=${AK}` }],
      ['the header alone', { headers: HEADER }],
      ['all of them with equal values', { path: PATH, query: `accessKey=${AK}`, headers: HEADER, body: BODY }],
      ['the old path', { path: `/api/altus-ds-1/models/call-model?accessKey=${AK}` }],
      ['a key beside blank ones elsewhere', { path: '/?accessKey=', headers: HEADER, body: json('"accessKey":" "') }],
    ],
    ONE,
  );
  each(
    [
      ['nothing at all', {}],
      ['blank everywhere', { path: '/?accessKey=', headers: { 'x-model-access-key': ' ' }, body: '{"accessKey":""}' }],
      ['an object without the member', { body: '{}' }],
      ['no object', { body: `["accessKey","${AK}"]` }],
    ],
    ABSENT,
  );
  each(
    [
      ['a member that is no string', { body: json('"accessKey":5') }],
      ['a member that is no string beside a query key', { path: PATH, body: json('"accessKey":null') }],
      ['a member that is no string beside a header key', { headers: HEADER, body: json('"accessKey":["x"]') }],
      ['such a member in the prefix of a partial body', { path: PATH, headers: FLAGGED, body: '{"accessKey":[1,' }],
    ],
    NOT_A_STRING,
  );

  it('tells whether the query parameter is there, blank or not, for B25', () => {
    expect(credentialsOf({ path: '/?accessKey', headers: HEADER }).accessKeyInQuery).to.equal(true);
    expect(credentialsOf({ path: '/?accesskey=x', headers: HEADER }).accessKeyInQuery).to.equal(false);
  });
});

describe('B4 placements that contradict each other', () => {
  each(
    [
      ['query and header', { path: `/?accessKey=${OTHER}`, headers: HEADER }],
      ['query and query field', { path: PATH, query: `accessKey=${OTHER}` }],
      ['query and body', { path: `/?accessKey=${OTHER}`, body: BODY }],
      ['header and body', { headers: { 'x-model-access-key': OTHER }, body: BODY }],
      ['two query parameters', { path: `${PATH}&accessKey=${OTHER}` }],
      ['a query name that is percent-encoded', { path: `/?access%4Bey=${AK}` }],
      ['two header values', { headers: { 'x-model-access-key': `${AK},${OTHER}` } }],
      ['duplicate members', { body: json(`"accessKey":"${AK}","accessKey":"${OTHER}"`) }],
      ['duplicate members, one escaped', { body: json(`"accessKey":"${AK}","\\u0061ccessKey":"${OTHER}"`) }],
      ['duplicate members beside an equal query key', { path: PATH, body: json(`"accessKey":"${AK}","accessKey":""`) }],
      ['a string and a number', { body: json(`"accessKey":"${AK}","accessKey":5`) }],
      [
        'a body with a byte order mark beside a query key',
        { path: PATH, body: `\ufeff${json(`"accessKey":"${OTHER}"`)}` },
      ],
      ['a member behind NaN beside a query key', { path: PATH, body: json(`"x":NaN,"accessKey":"${OTHER}"`) }],
      [
        'a member behind a list of numbers of Python',
        { path: PATH, body: json(`"x":[1.0,-Infinity],"accessKey":"${OTHER}"`) },
      ],
      ['a malformed body beside a query key', { path: PATH, body: `{"accessKey":"${OTHER}",}` }],
      ['duplicates in a malformed body', { body: `{"accessKey":"${AK}","accessKey":"${OTHER}"` }],
      [
        'an encoded body beside a query key',
        { path: PATH, headers: { 'content-encoding': 'gzip' }, body: json(`"accessKey":"${OTHER}"`) },
      ],
      ['a fold-equal member of another value', { body: json(`"accessKey":"${AK}","AccessKey":"${OTHER}"`) }],
      ['a fold-equal member that is blank', { body: json(`"AccessKey":"","accessKey":"${AK}"`) }],
      ['a fold-equal member that is no string', { body: json(`"accessKey":"${AK}","accesskey":1`) }],
      ['a fold-equal member beside a query key', { path: PATH, body: json(`"AccessKey":"${OTHER}"`) }],
      ['a fold-equal member beside a header key', { headers: HEADER, body: json(`"ACCESSKEY":"${OTHER}"`) }],
      ['a fold-equal member in a malformed body', { path: PATH, body: `{"AccessKey":"${OTHER}",}` }],
      ['ambiguous before not a string', { path: `/?access%4Bey=x`, body: json('"accessKey":5') }],
      ['ambiguous before incomplete', { path: `/?access%4Bey=x`, headers: FLAGGED }],
    ],
    AMBIGUOUS,
  );
  each(
    [
      ['equal values pass: two query parameters', { path: `${PATH}&accessKey=%20${AK}` }],
      ['equal values pass: duplicate members', { body: json(`"accessKey":"${AK}","\\u0061ccessKey":" ${AK} "`) }],
      ['equal values pass: a fold-equal member', { body: json(`"accessKey":"${AK}","AccessKey":"${AK} "`) }],
      ['equal values pass: fold-equal beside the query', { path: PATH, body: json(`"AccessKey":"${AK}"`) }],
    ],
    ONE,
  );
  each(
    [
      ['a fold-equal member alone is no access key', { body: json(`"AccessKey":"${AK}"`) }],
      ['nor is one beside a blank key', { body: json(`"AccessKey":"${AK}","accessKey":""`) }],
      ['nor is one that is no string', { body: json('"AccessKey":5') }],
    ],
    ABSENT,
  );
});

describe('B5 complete bodies that carry no key', () => {
  each(
    [
      ['a malformed one', { body: `{"accessKey":"${AK}",}` }],
      ['one that is cut short without a sign of it', { body: `{"accessKey":"${AK}","request":` }],
      ['one with more after it', { body: `${BODY}{}` }],
      ['an encoded one, even if its bytes are plain', { body: BODY, headers: { 'content-encoding': 'gzip' } }],
      ['a malformed one whose member is no string', { body: '{"accessKey":5,}' }],
      ['an encoded one whose member is no string', { body: '{"accessKey":5}', headers: { 'content-encoding': 'br' } }],
    ],
    ABSENT,
  );
  each(
    [
      ['leave the word to the query: malformed', { path: PATH, body: `{"accessKey":5` }],
      ['leave the word to the query: malformed, with an equal key', { path: PATH, body: `{"accessKey":"${AK}",}` }],
      ['leave the word to the header: form', { headers: HEADER, body: 'accessKey=x' }],
    ],
    ONE,
  );
});

describe('B5 partial bodies', () => {
  const long = 'x'.repeat(BODY_BYTES_MAX);
  each(
    [
      ['without a key elsewhere', { headers: FLAGGED, body: '{"request":"' }],
      ['of which nothing came', { headers: { 'content-length': '10' } }],
      ['at the limit, against the flag', { headers: { 'x-envoy-auth-partial-body': 'false' }, body: long }],
      ['with blank placements elsewhere', { path: '/?accessKey=', headers: { ...FLAGGED, 'x-model-access-key': '' } }],
      ['that are encoded', { headers: { ...FLAGGED, 'content-encoding': 'gzip' }, body: '\x1f' }],
      [
        'that are encoded, even if their bytes are plain',
        { headers: { ...FLAGGED, 'content-encoding': 'br' }, body: BODY },
      ],
    ],
    INCOMPLETE,
  );
  each(
    [
      ['even where the prefix holds a key, since a later one may differ', { headers: FLAGGED, body: BODY }],
      ['with an unreadable content-length', { headers: { 'content-length': '5,5' }, body: BODY }],
    ],
    { kind: 'incomplete', seen: ONE },
  );
  each([['with a member that is no string, and no key elsewhere', { headers: FLAGGED, body: '{"accessKey":5,' }]], {
    kind: 'incomplete',
    seen: NOT_A_STRING,
  });
  each(
    [
      ['with a key in the query', { path: PATH, headers: FLAGGED, body: '{"request":"' }],
      ['with a key in the header', { headers: { ...HEADER, ...FLAGGED }, body: '{"request":"' }],
      ['with an equal key in the prefix', { path: PATH, headers: FLAGGED, body: `{"accessKey":"${AK}","a":` }],
      ['with a key in the query, and no JSON', { path: PATH, body: long }],
      ['with a key cut short in the prefix', { path: PATH, headers: FLAGGED, body: '{"accessKey":"abc' }],
    ],
    ONE,
  );
  each(
    [
      ['a conflict in the prefix', { headers: FLAGGED, body: `{"accessKey":"${AK}","accessKey":"${OTHER}","a` }],
      ['another key in the prefix', { path: PATH, headers: FLAGGED, body: `{"accessKey":"${OTHER}","a` }],
      ['a fold-equal member in the prefix', { path: PATH, headers: FLAGGED, body: `{"AccessKey":"${OTHER}","a` }],
    ],
    AMBIGUOUS,
  );

  it('takes http.size for nothing, since a source has no such thing', () => {
    expect(accessKeyOf({ body: BODY, headers: { size: '9999' } })).to.deep.equal(ONE);
  });
});

describe('B6, B6a the caller and the pin', () => {
  it('passes the pin through, whatever the request names', () => {
    for (const body of ['', BODY, '{"accessKey":5}']) {
      expect(credentialsOf({ body, pin: 'model-7' }).pin).to.equal('model-7');
      expect(accessKeyOf({ body, pin: 'model-7' })).to.deep.equal(accessKeyOf({ body }));
    }
  });

  it('B53 reads the caller from all headers of API keys', () => {
    const apiKeyOf = (headers: Record<string, string>) => credentialsOf({ headers }).apiKey;
    expect(apiKeyOf({})).to.deep.equal(ABSENT);
    expect(apiKeyOf({ 'x-api-key': 'KEY' })).to.deep.equal({ kind: 'one', apiKey: 'KEY' });
    expect(apiKeyOf({ authorization: 'Basic dTpw' })).to.deep.equal({ kind: 'malformed' });
    expect(apiKeyOf({ authorization: 'Bearer A', 'x-api-key': 'B' }).kind).to.equal('several');
  });
});
