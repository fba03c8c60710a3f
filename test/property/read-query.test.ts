import { expect } from 'chai';
import fc from 'fast-check';
import { readQuery } from '../../src/credentials/read-query.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';
import { Tally } from '../support/tally.ts';
import { plainQuery, standardQuery } from './plain-query.ts';

const letters = Array.from('accessKey', letter => `%${letter.charCodeAt(0).toString(16)}`);
/** The name, in which any letter may be percent-encoded, in either case of the digits. */
const encodedName = fc.tuple(fc.nat({ max: 511 }), fc.boolean()).map(([bits, upper]) =>
  Array.from('accessKey', (letter, index) => {
    const encoded = letters[index] ?? '';
    return (bits >> index) & 1 ? (upper ? encoded.toUpperCase() : encoded) : letter;
  }).join(''),
);
const sound = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('accessKey', 'accessKey=', 'accessKey=mkey1', 'accessKey=%20mkey1', 'accessKey=mkey2'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom('&', '&', '&', '=', '?', '#', ';', '+', '%00', '\0', ' ', '%26', '%3D', '%2b'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%61ccessKey=mkey1', 'access%4bey=', 'access%254Bey', 'AccessKey=mkey1', 'accessKey%3d'),
  },
  { weight: 1, arbitrary: encodedName },
);
const broken = fc.oneof(fc.constantFrom('%', '%4', '%zz', '%ff', '%C3'), fc.string({ unit: 'binary', maxLength: 6 }));
const text = (piece: fc.Arbitrary<string>) => fc.array(piece, { maxLength: 8 }).map(pieces => pieces.join(''));
const anyText = text(fc.oneof({ weight: 9, arbitrary: sound }, { weight: 2, arbitrary: broken }));
const key = fc.string({ unit: 'grapheme', minLength: 1 });

describe('B2, B3, B4, T10 readQuery', () => {
  it('reads what its grammar says, for any path and query', () => {
    const tally = new Tally();
    const property = fc.property(anyText, anyText, fc.boolean(), (path, query, mark) => {
      const full = mark ? `/model?${path}` : path;
      const reading = readQuery(full, query);
      tally.note(reading.placement.kind);
      expect(reading).to.deep.equal(plainQuery(full, query));
    });
    const cases = checkProperty(property, 20_000);
    tally.expectEach(['one', 'absent', 'ambiguous'], cases / 20);
  }).timeout(propertyTimeoutMs);

  it('reads what the parser of the URL standard does, where every percent sign encodes something', () => {
    const property = fc.property(text(sound), text(sound), (path, query) => {
      const expected = standardQuery(`/model?${path}`, query);
      if (expected !== undefined) expect(readQuery(`/model?${path}`, query)).to.deep.equal(expected);
    });
    checkProperty(property, 10_000);
  }).timeout(propertyTimeoutMs);

  it('finds a key that was encoded by anyone, and never another', () => {
    const property = fc.property(key, anyText, (sent, rest) => {
      const { placement } = readQuery(`/model?accessKey=${encodeURIComponent(sent)}&${rest}`, '');
      if (placement.kind === 'one')
        expect(placement.accessKey).to.equal(sent.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, ''));
    });
    checkProperty(property, 2000);
  }).timeout(propertyTimeoutMs);
});
