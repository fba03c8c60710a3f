import { expect } from 'chai';
import { decodeText } from '../../../src/input/decode-text.ts';

const notUtf8 = 'if it is Windows-1252 or Latin-1, save it as UTF-8';

describe('text from outside (T5)', () => {
  for (const [what, bytes, message] of [
    ['Latin-1', Buffer.from('a: 1\nname: Müller\n', 'latin1'), `is no UTF-8 from line 2 on; ${notUtf8}`],
    ['a character that is cut off', Buffer.from('a\nMü').subarray(0, 4), `is no UTF-8 from line 2 on; ${notUtf8}`],
    ['a surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), `is no UTF-8 from line 1 on; ${notUtf8}`],
    ['a longer spelling than needed', Buffer.from([0x61, 0xc0, 0xaf]), `is no UTF-8 from line 1 on; ${notUtf8}`],
    ['UTF-16 with a mark', Buffer.from('\ufeff{}', 'utf16le'), 'is UTF-16: save it as UTF-8'],
    ['UTF-16 without one', Buffer.from('{}', 'utf16le'), 'is UTF-16: save it as UTF-8'],
    ['UTF-16, large end first', Buffer.from('\ufeffusers:', 'utf16le').swap16(), 'is UTF-16: save it as UTF-8'],
    ['the same without a mark', Buffer.from('users:', 'utf16le').swap16(), 'is UTF-16: save it as UTF-8'],
    ['UTF-32', Buffer.from('fffe00007b000000', 'hex'), 'is UTF-32: save it as UTF-8'],
    ['UTF-32, large end first', Buffer.from('0000feff0000007b', 'hex'), 'is UTF-32: save it as UTF-8'],
    ['UTF-32 without a mark', Buffer.from('7b0000007d000000', 'hex'), 'is UTF-32: save it as UTF-8'],
  ] as const) {
    it(`is refused where it is ${what}`, () => {
      expect(() => decodeText(bytes)).to.throw(message);
    });
  }

  it('is taken as UTF-8, without its mark', () => {
    for (const text of ['', 'a', '{}', 'name: Jürgen 渡辺 😀 \ufffd', '\r\n', 'ab\u0000c']) {
      expect(decodeText(Buffer.from(text))).to.equal(text);
      expect(decodeText(Buffer.from(`\ufeff${text}`))).to.equal(text);
    }
  });
});
