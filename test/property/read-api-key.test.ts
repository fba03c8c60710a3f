import { expect } from 'chai';
import fc from 'fast-check';
import { readAccessKeyHeader } from '../../src/credentials/read-access-key-header.ts';
import { readApiKey as readFrom } from '../../src/credentials/read-api-key.ts';
import { checkProperty, propertyTimeoutMs } from '../support/check-property.ts';

const KEY_TEXT = /^[!-+\--~]+$/;
const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).filter(
  letter => letter !== ',',
);
const apiKeyText = fc.string({ unit: fc.constantFrom(...printable), minLength: 1, maxLength: 60 });
const blank = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 3 });
const gap = fc.string({ unit: fc.constantFrom(' ', '\t'), minLength: 1, maxLength: 3 });
const scheme = fc
  .tuple(fc.constant('bearer'), fc.nat({ max: 63 }))
  .map(([word, upper]) =>
    Array.from(word, (letter, index) => ((upper >> index) & 1 ? letter.toUpperCase() : letter)).join(''),
  );
const anyValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom('Bearer', 'bearer ', 'Basic ', ' ', '\t', ',', 'key', 'é', '\0'), { maxLength: 6 })
    .map(parts => parts.join('')),
);

function readApiKey(authorization: string | undefined, bare: string | undefined) {
  return readFrom({ header: name => ({ authorization, 'x-api-key': bare })[name as string] });
}

describe('B6 readApiKey', () => {
  it('reads the same key from every spelling of the two headers', () => {
    const property = fc.property(apiKeyText, scheme, blank, gap, blank, (apiKey, bearer, before, between, after) => {
      const one = { kind: 'one', apiKey };
      const authorization = `${before}${bearer}${between}${apiKey}${after}`;
      const bare = `${before}${apiKey}${after}`;
      expect(readApiKey(authorization, undefined)).to.deep.equal(one);
      expect(readApiKey(undefined, bare)).to.deep.equal(one);
      expect(readApiKey(authorization, bare)).to.deep.equal(one);
    });
    checkProperty(property, 2000);
  }).timeout(propertyTimeoutMs);

  it('answers a key only where it stands in the header, alone and printable', () => {
    const property = fc.property(anyValue, value => {
      const bearer = readApiKey(value, undefined);
      const expected = /^[ \t\n\v\f\r]*bearer[ \t]+([!-+\--~]+)[ \t\n\v\f\r]*$/i.exec(value)?.[1];
      expect(bearer.kind === 'one' ? bearer.apiKey : undefined).to.equal(expected);
      const bare = readApiKey(undefined, value);
      if (bare.kind === 'one')
        expect(bare.apiKey)
          .to.match(KEY_TEXT)
          .and.to.satisfy((key: string) => value.includes(key));
    });
    checkProperty(property, 3000);
  }).timeout(propertyTimeoutMs);

  it('B53 hands on any two values that differ', () => {
    const property = fc.property(apiKeyText, fc.oneof(apiKeyText, anyValue), (apiKey, value) => {
      fc.pre(!/^[ \t\n\v\f\r]*$/.test(value) && value.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '') !== apiKey);
      expect(readApiKey(`Bearer ${apiKey}`, value).kind).to.equal('several');
    });
    checkProperty(property, 1000);
  }).timeout(propertyTimeoutMs);
});

describe('B2, B4 readAccessKeyHeader', () => {
  it('names a key only where every part of the value is that key', () => {
    const part = fc.constantFrom('mkey1', ' mkey1', 'mkey1\t', 'mkey2', '', ' ');
    const property = fc.property(fc.array(part, { maxLength: 4 }), parts => {
      const values = new Set(parts.map(value => value.trim()));
      const [accessKey = ''] = values;
      const one = accessKey === '' ? { kind: 'absent' } : { kind: 'one', accessKey };
      expect(readAccessKeyHeader(parts.join(','))).to.deep.equal(values.size > 1 ? { kind: 'ambiguous' } : one);
    });
    checkProperty(property, 1000);
  }).timeout(propertyTimeoutMs);
});
