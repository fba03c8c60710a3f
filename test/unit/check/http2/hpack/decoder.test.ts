import { expect } from 'chai';
import { type Decoded, HpackDecoder } from '../../../../../src/check/http2/hpack/decoder.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const plain = (decoded: Decoded) =>
  typeof decoded === 'string' ? decoded : decoded.map(({ name, value }) => `${name}: ${value}`);

function reader(tableBytes = 4096, listBytes = 16_384) {
  const decoder = new HpackDecoder(tableBytes, listBytes);
  return (text: string) => plain(decoder.decode(hex(text), 0, hex(text).length));
}

const [get, http, root, host] = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];

describe('T14 HPACK: examples of RFC 7541, appendix C', () => {
  const single: [string, string, string][] = [
    ['C.2.1', '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', 'custom-key: custom-header'],
    ['C.2.2', '040c 2f73 616d 706c 652f 7061 7468', ':path: /sample/path'],
    ['C.2.3', '1008 7061 7373 776f 7264 0673 6563 7265 74', 'password: secret'],
    ['C.2.4', '82', ':method: GET'],
  ];
  for (const [id, bytes, field] of single) {
    it(`${id} reads ${field}`, () => expect(reader()(bytes)).to.deep.equal([field]));
  }

  const requests: [string, string[]][] = [
    [
      'C.3',
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
    ],
    [
      'C.4',
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
    ],
  ];
  for (const [id, blocks] of requests) {
    it(`${id} reads three requests of one connection`, () => {
      expect(blocks.map(reader())).to.deep.equal([
        [get, http, root, host],
        [get, http, root, host, 'cache-control: no-cache'],
        [get, ':scheme: https', ':path: /index.html', host, 'custom-key: custom-value'],
      ]);
    });
  }

  const date = (second: number) => `date: Mon, 21 Oct 2013 20:13:${second} GMT`;
  const location = 'location: https://www.example.com';
  const responses: [string, string[]][] = [
    [
      'C.5',
      [
        '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '4803 3330 37c1 c0bf',
        '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
      ],
    ],
    [
      'C.6',
      [
        '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
        '4883 640e ffc1 c0bf',
        '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
      ],
    ],
  ];
  for (const [id, blocks] of responses) {
    it(`${id} reads three responses with a table of 256 bytes, which evicts`, () => {
      expect(blocks.map(reader(256))).to.deep.equal([
        [':status: 302', 'cache-control: private', date(21), location],
        [':status: 307', 'cache-control: private', date(21), location],
        [
          ':status: 200',
          'cache-control: private',
          date(22),
          location,
          'content-encoding: gzip',
          'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
        ],
      ]);
    });
  }
});

describe('T16 HPACK: what is malformed or too much', () => {
  const broken: [string, string][] = [
    ['index 0', '80'],
    ['an index beyond both tables', 'be'],
    ['the name of an entry that is not there', '7e 0161'],
    ['a text longer than the block', '40 0161 05 6263'],
    ['a length without a text', '40 0161'],
    ['a name without a value', '00 0161'],
    ['nothing behind the form of a literal', '00'],
    ['an integer that does not end', 'ff 80 80'],
    ['an integer of too many bytes', 'ff 80 80 80 80 80 80 00'],
    ['an integer too large for any table', 'ff ff ff ff 7f'],
    ['a length too large for any text', '00 7f ff ff ff ff 0f'],
    ['a size update behind a field', '82 20'],
    ['a size update above the limit', '3f e2 1f'],
    ['a Huffman text of padding alone', '00 81ff 00'],
  ];
  for (const [title, bytes] of broken) {
    it(`${title} breaks the connection`, () => expect(reader()(bytes)).to.equal('broken'));
  }

  it('integers in more bytes than they need are read', () => {
    expect(reader()('1f 80 80 00')).to.equal('broken');
    expect(reader()('ff 80 00')).to.equal('broken');
    expect(reader()('0f 00 0178')).to.deep.equal(['accept-charset: x']);
    expect(reader()('0f 80 80 00 0178')).to.deep.equal(['accept-charset: x']);
  });

  it('a list above its limit is read to its end, and the table stays right', () => {
    const read = reader(4096, 100);
    expect(read('40 0161 0162 40 0163 0164 40 0165 0166')).to.equal('too_large');
    expect(read('be bf')).to.deep.equal(['e: f', 'c: d']);
    expect(read('82 be bf')).to.equal('too_large');
    expect(read('c0')).to.deep.equal(['a: b']);
  });

  it('an entry larger than the table empties it, and is read all the same (RFC 7541, 4.4)', () => {
    const read = reader(40);
    expect(read('40 0161 0162 be')).to.deep.equal(['a: b', 'a: b']);
    expect(read('40 0178 0a 30313233343536373839')).to.deep.equal(['x: 0123456789']);
    expect(read('be')).to.equal('broken');
  });

  it('a literal whose name is the entry that it evicts has that name (RFC 7541, 4.4)', () => {
    const read = reader(40);
    expect(read('40 0161 0162')).to.deep.equal(['a: b']);
    expect(read('7e 0163 be')).to.deep.equal(['a: c', 'a: c']);
  });

  it('size updates before the first field evict, two in a row too', () => {
    const read = reader();
    expect(read('40 0161 0162 40 0163 0164')).to.deep.equal(['a: b', 'c: d']);
    expect(read('3f 03 be')).to.deep.equal(['c: d']);
    expect(read('20 3f e1 1f 82')).to.deep.equal([':method: GET']);
    expect(read('be')).to.equal('broken');
  });
});
