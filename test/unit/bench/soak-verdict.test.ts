import { expect } from 'chai';
import type { Sample } from '../../../bench/soak/sample.ts';
import { judgeSoak } from '../../../bench/soak/verdict.ts';

/** An hour of samples, of which one figure is told minute by minute. */
function hour(figure: keyof Sample, at: (minute: number) => number): Sample[] {
  const steady = { resident: 100, heap: 20, external: 30, descriptors: 40 };
  return Array.from({ length: 60 }, (_, minute) => ({ ...steady, [figure]: at(minute) }));
}
const grown = (samples: readonly Sample[]) =>
  judgeSoak(samples)
    .filter(({ isFlat }) => !isFlat)
    .map(({ figure }) => figure);

describe('verdict of a soak', () => {
  it('is flat where a figure came to its size in the first quarter, or goes up and down', () => {
    expect(grown(hour('resident', minute => Math.min(100, 50 + 4 * minute)))).to.deep.equal([]);
    expect(grown(hour('heap', minute => 15 + (minute % 7) * 5))).to.deep.equal([]);
  });

  it('names what grows, however slowly, and however many descriptors', () => {
    expect(grown(hour('resident', minute => 100 + minute / 3))).to.deep.equal(['resident']);
    expect(grown(hour('heap', minute => 15 + (minute % 7) * 5 + minute / 2))).to.deep.equal(['heap']);
    expect(grown(hour('external', minute => 30 + minute / 4))).to.deep.equal(['external']);
    expect(grown(hour('descriptors', minute => 40 + Math.floor(minute / 3)))).to.deep.equal(['descriptors']);
  });
});
