import { expect } from 'chai';
import { FlatIndex } from '../../../src/snapshot/flat-index.ts';
import { principal } from '../../support/site.ts';

function add(index: FlatIndex, name: string): number {
  index.put(principal(name));
  return index.refOf(name);
}

describe('B33 snapshot: a number that stands for another name', () => {
  for (const [before, after] of [
    ['ada', 'bob'],
    ['ada', 'B'.repeat(100)],
    ['A'.repeat(100), 'bob'],
  ] as const) {
    it(`is told as ${after.slice(0, 5)} and no more as ${before.slice(0, 5)}, which was read before`, () => {
      const index = new FlatIndex({ epoch: 'e', revision: 0 });
      const ref = add(index, before);
      expect(index.nameOf(ref)).to.equal(before);
      index.apply(1, [{ op: 'delete', kind: 'principal', id: before }]);
      expect(add(index, after), 'the number is used again').to.equal(ref);
      expect(index.nameOf(ref)).to.equal(after);
    });
  }

  it('two numbers that fall on one place are told apart', () => {
    const index = new FlatIndex({ epoch: 'e', revision: 0 });
    const refs = Array.from({ length: 4097 }, (_, n) => add(index, `user-${n}`));
    for (const round of [1, 2]) {
      for (const n of [0, 4096]) {
        expect(index.nameOf(refs[n] as number), `round ${round}`).to.equal(`user-${n}`);
      }
    }
  });
});
