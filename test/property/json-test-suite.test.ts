import { expect } from 'chai';
import { scanBody } from '../../src/credentials/scan-body.ts';
import { checkScan } from './check-scan.ts';
import { readJsonTestSuite } from './json-test-suite.ts';
import { plainScan } from './plain-scan.ts';

const MEMBER = '"accessKey":"mkey1"';

/** Where a text of the suite may stand in a body: alone, or as one member's value beside, within or instead of a key's. */
const PLACES: readonly (readonly [string, string, string])[] = [
  ['alone', '', ''],
  ['as the value of the access key', '{"accessKey":', '}'],
  ['as the value of a member before it', '{"request":', `,${MEMBER}}`],
  ['as the value of a member after it', `{${MEMBER},"request":`, '}'],
  ['in an array before it', '{"request":[0,', `],${MEMBER}}`],
  ['in an object after it', `{${MEMBER},"request":{"a":`, '}}'],
  ['between two that contradict each other', `{${MEMBER},"request":`, ',"accessKey":"mkey2"}'],
  ['before the object', '', `{${MEMBER}}`],
  ['after the object', `{${MEMBER}}`, ''],
];

describe('B5 T8 scanBody on JSONTestSuite', () => {
  const suite = readJsonTestSuite();
  const embedded = (text: Buffer, [, before, after]: (typeof PLACES)[number]) =>
    Buffer.concat([Buffer.from(before), text, Buffer.from(after)]);

  it('has all of its 318 texts, which JSON.parse takes as they are named', () => {
    const count = (prefix: string) => suite.filter(({ name }) => name.startsWith(prefix)).length;
    expect([count('y_'), count('n_'), count('i_')]).to.deep.equal([95, 188, 35]);
    for (const { name, text } of suite) {
      const accepted = plainScan(text.toString('utf8')) !== undefined;
      if (!name.startsWith('i_')) expect(accepted, name).to.equal(name.startsWith('y_'));
    }
  });

  for (const place of PLACES) {
    it(`reads what JSON.parse does, or what really stands there: ${place[0]}`, () => {
      for (const { name, text } of suite) {
        try {
          checkScan(embedded(text, place));
        } catch (cause) {
          throw new Error(`${name}: ${JSON.stringify(text.toString('latin1').slice(0, 80))}`, { cause });
        }
      }
    });
  }

  it('finds no key in any of them alone', () => {
    for (const { name, text } of suite) expect(scanBody(text).accessKey, name).to.equal(undefined);
  });

  it('finds the key beside every text that must be accepted', () => {
    for (const { name, text } of suite.filter(one => one.name.startsWith('y_'))) {
      for (const place of PLACES.slice(2, 6)) {
        const { accessKey, whole } = scanBody(embedded(text, place));
        expect({ accessKey, whole }, name).to.deep.equal({ accessKey: 'mkey1', whole: true });
      }
    }
  });
});
