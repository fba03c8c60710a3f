import { expect } from 'chai';
import { knownSince, spanOf, stackedDenials } from '../../../src/ui/pages/live/live-data.ts';
import { rangeOf } from '../../../src/ui/pages/live/live-range.ts';
import { duration, perSecond } from '../../../src/ui/pages/live/live-words.ts';

const sample = (at: number, denials: Readonly<Record<string, number>>) => ({
  at: new Date(at * 1000).toISOString(),
  checks: { allowed: 0, denied: 0 },
  denials,
  latency: null,
  snapshot_revision: 1,
  snapshot_age_seconds: 0,
});
const live = (...samples: ReturnType<typeof sample>[]) => ({ interval_seconds: 5, samples, changes: [] });

describe('the page Live: what it draws', () => {
  it('stacks reasons, the most frequent lowest, and tells each for itself', () => {
    const { reasons, data, told } = stackedDenials(live(sample(10, { a: 5 }), sample(15, { a: 10, b: 20 })), 6);
    expect(reasons).to.deep.equal(['a', 'b']);
    expect(data).to.deep.equal([
      [10, 15],
      [1, 6],
      [0, 4],
    ]);
    expect([told(0, 0), told(0, 1), told(1, 1), told(1, 7)]).to.deep.equal([1, 2, 4, null]);
  });

  it('draws no more bands than can be told apart: the least frequent reasons are one', () => {
    const { reasons, data } = stackedDenials(live(sample(10, { a: 20, b: 15, c: 10, d: 5 })), 3);
    expect(reasons).to.deep.equal(['other reasons', 'b', 'a']);
    expect(data).to.deep.equal([[10], [10], [7], [4]]);
  });

  it('knows since when it can draw, where a server is younger than the plot is long', () => {
    const young = live(sample(1000, {}), sample(1005, {}));
    expect(spanOf(young, 300)).to.deep.equal([705, 1005]);
    expect([knownSince(young, 300), knownSince(young, 15), knownSince(young, 10)]).to.deep.equal([
      995,
      undefined,
      undefined,
    ]);
    expect(knownSince(live(), 300)).to.equal(undefined);
  });

  it('draws nothing where nothing was refused', () => {
    expect(stackedDenials(live(sample(10, {})), 6)).to.deep.include({ reasons: [], data: [[10]] });
  });

  it('writes times with the unit that fits, and rates without digits that nobody reads', () => {
    const words = [0, 12.34, 999, 1500, 25_000_000, 600_000_000].map(duration);
    expect(words).to.deep.equal(['0 µs', '12.3 µs', '999 µs', '1.5 ms', '25 s', '10 min']);
    expect([0, 0.25, 9.96, 1234.5].map(perSecond)).to.deep.equal(['0', '0.3', '10', '1,235']);
  });

  it('looks a quarter of an hour back unless it is told otherwise', () => {
    expect(rangeOf(undefined).name).to.equal('15m');
    expect(rangeOf('1d')).to.include({ seconds: 86_400, step: 60 });
    expect(rangeOf('nonsense').name).to.equal('5m');
  });
});
