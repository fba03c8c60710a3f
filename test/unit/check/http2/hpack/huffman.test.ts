import { expect } from 'chai';
import { decodeHuffman } from '../../../../../src/check/http2/hpack/huffman.ts';
import { huffman, huffmanBits, packed } from '../../../../support/http2/huffman-codes.ts';
import { seeded } from '../../../../support/seeded.ts';

const decode = (bytes: Buffer) => decodeHuffman(bytes, 0, bytes.length);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const endOfString = '1'.repeat(30);

describe('T14 HPACK: Huffman codes (RFC 7541, 5.2 and appendix B)', () => {
  it('each of the 256 bytes is read, alone and beside each other one', () => {
    for (let one = 0; one < 256; one += 1) {
      expect(decode(huffman(Buffer.of(one)))).to.equal(String.fromCharCode(one));
      const pairs = Buffer.from(Array.from({ length: 512 }, (_, n) => (n % 2 === 0 ? one : n >> 1)));
      expect(decode(huffman(pairs))).to.equal(text(pairs));
    }
  });

  it('texts of random bytes are read, within other bytes too', () => {
    const random = seeded(11);
    for (let round = 0; round < 500; round += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
      const encoded = huffman(bytes);
      const within = Buffer.concat([Buffer.of(0xff, 0), encoded, Buffer.of(0, 0xff)]);
      expect(decodeHuffman(within, 2, 2 + encoded.length)).to.equal(text(bytes));
    }
  });

  it('padding that is not all ones, or is a whole byte, is refused', () => {
    for (const [byte, bits] of huffmanBits.entries()) {
      const room = (8 - (bits.length % 8)) % 8;
      if (room > 0) {
        // Five zeros are a code of their own.
        expect(decode(huffman(Buffer.of(byte), '0'.repeat(7)))).to.equal(
          room !== 5 ? undefined : `${String.fromCharCode(byte)}0`,
        );
        expect(decode(huffman(Buffer.of(byte), `${'1'.repeat(room - 1)}0`))).to.equal(undefined);
      }
      expect(decode(Buffer.concat([huffman(Buffer.of(byte)), Buffer.of(0xff)]))).to.equal(undefined);
    }
  });

  it('the end of string is refused wherever it stands', () => {
    for (const before of ['', huffmanBits[97] as string, `${huffmanBits[97]}${huffmanBits[0]}`]) {
      const bits = before + endOfString;
      expect(decode(packed(bits.padEnd(Math.ceil(bits.length / 8) * 8, '1')))).to.equal(undefined);
      const more = bits + (huffmanBits[98] as string);
      expect(decode(packed(more.padEnd(Math.ceil(more.length / 8) * 8, '1')))).to.equal(undefined);
    }
  });

  it('nothing is an empty text', () => {
    expect(decode(Buffer.alloc(0))).to.equal('');
  });
});
