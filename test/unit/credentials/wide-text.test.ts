import { expect } from 'chai';
import { extractCredentials } from '../../../src/credentials/extract-credentials.ts';
import { scanBody } from '../../../src/credentials/scan-body.ts';

const json = ' {"x":"\u{1f600}","accessKey":"AKC"}';

function utf32(text: string, isBigEndian: boolean): Buffer {
  const codes = Array.from(text, letter => letter.codePointAt(0) ?? 0);
  return Buffer.concat(
    codes.map(code => {
      const unit = Buffer.alloc(4);
      if (isBigEndian) unit.writeUInt32BE(code);
      else unit.writeUInt32LE(code);
      return unit;
    }),
  );
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const swapped = (text: string) => utf16(text).swap16();
const mark = '\ufeff';
const forms: [string, Buffer][] = [
  ['UTF-16LE', utf16(json)],
  ['UTF-16BE', swapped(json)],
  ['UTF-16LE with its mark', utf16(mark + json)],
  ['UTF-16BE with its mark', swapped(mark + json)],
  ['UTF-32LE', utf32(json, false)],
  ['UTF-32BE', utf32(json, true)],
  ['UTF-32LE with its mark', utf32(mark + json, false)],
  ['UTF-32BE with its mark', utf32(mark + json, true)],
];

function accessKeyOf(body: Buffer, query = '') {
  const source = { header: () => undefined, contentLength: undefined, path: '/model', query, body, pin: undefined };
  return extractCredentials(source, 1 << 20).accessKey;
}

describe('R24 B54 a body in UTF-16 or UTF-32', () => {
  for (const [name, body] of forms) {
    it(`names no model, and contradicts a key beside it: ${name}`, () => {
      expect(accessKeyOf(body)).to.deep.equal({ kind: 'absent' });
      expect(accessKeyOf(body, 'accessKey=AK')).to.deep.equal({ kind: 'ambiguous' });
      expect(accessKeyOf(body, 'accessKey=AKC')).to.deep.equal({ kind: 'one', accessKey: 'AKC' });
      expect(accessKeyOf(body.subarray(0, -1), 'accessKey=AK')).to.deep.equal({ kind: 'ambiguous' });
    });
  }

  it('is left alone where it is none: binary bodies pass beside a key', () => {
    for (const hex of [
      '0000000005',
      '00',
      '7b00',
      'fffe',
      'feff00',
      '0000feff',
      '1f8b0800',
      '00000000',
      '2000200020',
    ]) {
      const body = Buffer.from(hex, 'hex');
      expect(scanBody(body), hex).to.deep.include({ accessKey: undefined, whole: false, conflict: false });
      expect(accessKeyOf(body, 'accessKey=AK'), hex).to.deep.equal({ kind: 'one', accessKey: 'AK' });
    }
  });

  it('takes no character beyond Unicode for one', () => {
    const body = utf32('{"accessKey":"AKC","x":"y"}', false);
    body.writeUInt32LE(0x7fffffff, 4 * 24);
    expect(accessKeyOf(body, 'accessKey=AK')).to.deep.equal({ kind: 'ambiguous' });
  });
});
