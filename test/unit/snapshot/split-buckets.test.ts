import { expect } from 'chai';
import { SplitBuckets } from '../../../src/snapshot/columns/split-buckets.ts';

const spread = (value: number) => Math.imul(value, 0x9e3779b1) ^ (value >>> 3);

function table(slotWords: 1 | 2, hashOf: (first: number) => number = spread) {
  const buckets = new SplitBuckets({
    bucketWords: 8,
    slotWords,
    slotsTaken: slotWords === 1 ? 5 : 2,
    hashOf,
    chunkRows: 16,
  });
  const find = (first: number): number => {
    buckets.seek(hashOf(first));
    do {
      for (let { at } = buckets; at < buckets.end && buckets.words[at] !== 0; at += slotWords) {
        if (buckets.words[at] === first) {
          buckets.at = at;
          return slotWords === 2 ? (buckets.words[at + 1] as number) : first;
        }
      }
    } while (buckets.follow());
    return 0;
  };
  return {
    buckets,
    find,
    add: (first: number) => buckets.add(hashOf(first), first, -first),
    remove: (first: number) => {
      find(first);
      buckets.remove(hashOf(first), buckets.words, buckets.at);
    },
    firsts: () => [...buckets.all()].map(([first]) => first).sort((one, other) => one - other),
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

describe('snapshot: buckets that split', () => {
  for (const slotWords of [1, 2] as const) {
    it(`find everything after each addition and removal, in slots of ${slotWords}`, () => {
      const { buckets, find, add, remove, firsts } = table(slotWords);
      for (const value of upTo(500)) {
        add(value);
        expect(find(value), `${value}`).to.equal(slotWords === 2 ? -value : value);
      }
      expect(firsts()).to.deep.equal(upTo(500));
      for (const value of upTo(500).filter(each => each % 3 !== 0)) {
        remove(value);
        expect(find(value)).to.equal(0);
      }
      expect(firsts()).to.deep.equal(upTo(500).filter(each => each % 3 === 0));
      expect(buckets.count).to.equal(166);
    });

    it(`hold what all falls into one bucket, in slots of ${slotWords}`, () => {
      const { find, add, remove, firsts } = table(slotWords, () => 7);
      upTo(100).forEach(add);
      expect(upTo(100).every(value => find(value) !== 0)).to.equal(true);
      upTo(99).forEach(remove);
      expect(firsts()).to.deep.equal([100]);
    });
  }

  it('begin as large as they are expected to become, and grow on from there', () => {
    for (const expected of [0, 1, 21, 100, 1000]) {
      const { buckets, find, add, firsts } = table(1);
      buckets.expect(expected);
      upTo(300).forEach(add);
      buckets.expect(10_000);
      expect(firsts(), `${expected}`).to.deep.equal(upTo(300));
      expect(upTo(300).every(value => find(value) === value)).to.equal(true);
    }
  });
});
