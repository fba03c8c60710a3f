import { expect } from 'chai';
import { detailWords, valueWords } from '../../../src/words/value-words.ts';

describe('values of the API, for people', () => {
  it('tell instants as such, owners by their names and lists with commas', () => {
    for (const [field, value, words] of [
      ['expires_at', Date.UTC(2027, 0, 31, 12), '2027-01-31T12:00:00Z'],
      ['expires_at', null, 'none'],
      ['count', 1_800_000_000_000, '1800000000000'],
      ['broken_at', Number.MAX_VALUE, '1.7976931348623157e+308'],
      ['owner', { username: 'ada' }, 'user ada'],
      ['owner', { team: 'risk' }, 'team risk'],
      ['owner', 'ada', 'ada'],
      ['models', ['fraud', 'churn'], 'fraud, churn'],
      ['models', [], 'none'],
      ['name', 'Ada, of risk', '"Ada, of risk"'],
      ['name', '', '""'],
      ['active', true, 'true'],
      ['limits', { days: 5, name: 'a b' }, 'days=5 name="a b"'],
    ] as const) {
      expect(valueWords(field, value)).to.equal(words);
    }
  });

  it('B37 tell a change with the old value before the new one, and what is gone', () => {
    const expires_at = Date.UTC(2027, 0, 31);
    expect(
      detailWords({ principal: 'ben', comments: 'ci', expires_at, previous: { comments: '', expires_at: null } }),
    ).to.equal('comments: "" -> ci; expires_at: none -> 2027-01-31T00:00:00Z; principal: ben');
    expect(detailWords({ previous: { permission: 'admin' } })).to.equal('permission: admin -> none');
    expect(detailWords({})).to.equal('');
  });
});
