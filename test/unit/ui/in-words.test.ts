import { expect } from 'chai';
import { counted, inWords } from '../../../src/ui/parts/in-words.ts';

const now = Date.UTC(2026, 0, 15);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('web pages: times in words', () => {
  const cases: [number, string][] = [
    [0, 'just now'],
    [30_000, 'in less than a minute'],
    [-minute, '1 minute ago'],
    [119 * minute, 'in 119 minutes'],
    [2 * hour, 'in 2 hours'],
    [47 * hour, 'in 47 hours'],
    [12 * day + 23 * hour, 'in 12 days'],
    [-89 * day, '89 days ago'],
    [90 * day, 'in 3 months'],
    [-3 * 365 * day, '3 years ago'],
  ];
  for (const [distance, words] of cases) {
    it(`says "${words}" and never more than there is`, () => {
      expect(inWords(now + distance, now)).to.equal(words);
    });
  }

  it('counts with the noun in its number', () => {
    expect([counted(1, 'key'), counted(0, 'key'), counted(1234, 'entry', 'entries')]).to.deep.equal([
      '1 key',
      '0 keys',
      '1,234 entries',
    ]);
  });
});
