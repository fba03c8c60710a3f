import { expect } from 'chai';
import { AK, accessKeyOf, credentialsOf, type RequestParts } from './request-with.ts';

const WHITESPACE = ' \t\n\v\f\r';
const API_KEY = `mgk_${'z9'.repeat(24)}x`;

/** Where in `before + subject + after` a byte is inserted, by the index within the subject. */
function inserted(before: string, subject: string, after: string, index: number, byte: number): Buffer {
  const at = Buffer.from(before + subject.slice(0, index));
  return Buffer.concat([at, Buffer.from([byte]), Buffer.from(subject.slice(index) + after)]);
}

/** Every byte value, at every index strictly inside of the subject; strings hold one character a byte, as HTTP does. */
function* insertedInside(before: string, subject: string, after: string): Generator<Buffer> {
  for (let index = 1; index < subject.length; index += 1) {
    for (let byte = 0; byte < 256; byte += 1) yield inserted(before, subject, after, index, byte);
  }
}

function namesKey(parts: RequestParts): boolean {
  const claim = accessKeyOf(parts);
  return claim.kind === 'one' && claim.accessKey === AK;
}

function neverNamesKey(texts: Iterable<Buffer>, request: (text: Buffer) => RequestParts): void {
  for (const text of texts) {
    if (namesKey(request(text))) expect.fail(`taken for the key: ${text.toString('latin1')}`);
  }
}

const asPath = (text: Buffer): RequestParts => ({ path: text.toString('latin1') });
const asQuery = (text: Buffer): RequestParts => ({ query: text.toString('latin1') });
const asBody = (text: Buffer): RequestParts => ({ body: text });
const asHeader = (text: Buffer): RequestParts => ({ headers: { 'x-model-access-key': text.toString('latin1') } });

describe('T5 any byte inserted in a credential', () => {
  it('never leaves the key standing when it is inserted in the key', () => {
    neverNamesKey(insertedInside('/model?accessKey=', AK, '&a=1'), asPath);
    neverNamesKey(insertedInside('accessKey=', AK, ''), asQuery);
    neverNamesKey(insertedInside('', AK, ''), asHeader);
    neverNamesKey(insertedInside('{"accessKey":"', AK, '","request":{}}'), asBody);
  });

  it('never leaves the key standing when it is inserted in the name', () => {
    neverNamesKey(insertedInside('/model?', 'accessKey', `=${AK}`), asPath);
    neverNamesKey(insertedInside('', 'accessKey', `=${AK}`), asQuery);
    neverNamesKey(insertedInside('{"', 'accessKey', `":"${AK}"}`), asBody);
  });

  it('leaves the key standing at its edges only for whitespace, or where the parameter ends', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const letter = String.fromCharCode(byte);
      const trimmed = WHITESPACE.includes(letter);
      for (const index of [0, AK.length]) {
        const ends = index > 0 && letter === '&';
        expect(namesKey(asPath(inserted('/?accessKey=', AK, '', index, byte))), letter).to.equal(trimmed || ends);
        expect(namesKey(asHeader(inserted('', AK, '', index, byte))), letter).to.equal(trimmed);
        expect(namesKey(asBody(inserted('{"accessKey":"', AK, '"}', index, byte))), letter).to.equal(letter === ' ');
      }
    }
  });

  it('between the tokens of a body leaves the key standing only for JSON whitespace', () => {
    const tokens = ['{', '"accessKey"', ':', `"${AK}"`, '}'];
    for (let index = 0; index <= tokens.length; index += 1) {
      const [before, after] = [tokens.slice(0, index).join(''), tokens.slice(index).join('')];
      for (let byte = 0; byte < 256; byte += 1) {
        const names = [0x20, 0x09, 0x0a, 0x0d].includes(byte);
        expect(accessKeyOf(asBody(inserted(before, '', after, 0, byte))).kind === 'one', `${index} ${byte}`).to.equal(
          names,
        );
      }
    }
  });

  it('never leaves the API key standing when it is inserted in it', () => {
    const asBearer = (text: Buffer) => ({ authorization: text.toString('latin1') });
    const asBare = (text: Buffer) => ({ 'x-api-key': text.toString('latin1') });
    for (const [before, headersOf] of [
      ['Bearer ', asBearer],
      ['', asBare],
    ] as const) {
      for (const text of insertedInside(before, API_KEY, '')) {
        const claim = credentialsOf({ headers: headersOf(text) }).apiKey;
        if (claim.kind === 'one' && claim.apiKey === API_KEY) expect.fail(text.toString('latin1'));
      }
    }
  });

  it('elsewhere in the path or body never changes the key to another one', () => {
    const body = `{"a":{"b":["c",1]},"accessKey":"${AK}"}`;
    for (let index = 0; index <= body.length; index += 1) {
      for (let byte = 0; byte < 256; byte += 1) {
        const { kind } = accessKeyOf(asPath(inserted('/mo', 'del', `?accessKey=${AK}`, 2, byte)));
        expect(kind).to.be.oneOf(['one', 'absent']);
        const text = inserted('', body, '', index, byte);
        const claim = accessKeyOf({ body: text, query: `accessKey=${AK}` });
        if (claim.kind === 'one' && claim.accessKey !== AK) expect.fail(text.toString('latin1'));
      }
    }
  });
});
