import { expect } from 'chai';
import { OutputPool } from '../../../../src/check/http2/output-pool.ts';

/** Somebody who writes, and whether its connection was ended. */
function owner() {
  return {
    isSevered: false,
    sever() {
      this.isSevered = true;
    },
  };
}

describe('T51 http2: the pool of buffers for answers', () => {
  it('gives a buffer to one owner at a time', () => {
    const pool = new OutputPool();
    const [one, two] = [owner(), owner()];
    const [first, second] = [pool.take(one), pool.take(two)];
    expect(first === second).to.equal(false);
    pool.giveBack(one, first);
    expect(pool.take(two) === first).to.equal(true);
    expect([one.isSevered, two.isSevered]).to.deep.equal([false, false]);
  });

  const slips: Readonly<Record<string, (pool: OutputPool, by: ReturnType<typeof owner>, of: Buffer) => unknown>> = {
    'gives back': (pool, by, of) => pool.giveBack(by, of),
    'would send': (pool, by, of) => pool.isOwn(by, of),
    'leaves to the kernel': (pool, by, of) => pool.leave(by, of),
  };

  for (const [name, slip] of Object.entries(slips)) {
    it(`ends both connections where one ${name} what is another's`, () => {
      const faults: Error[] = [];
      const pool = new OutputPool(cause => faults.push(cause));
      const [one, two] = [owner(), owner()];
      const buffer = pool.take(one);
      pool.take(two);
      slip(pool, two, buffer);
      expect(faults.map(({ message }) => message)).to.deep.equal([
        'a buffer for answers was used by a connection that does not own it',
      ]);
      expect([one.isSevered, two.isSevered]).to.deep.equal([true, true]);
      expect(pool.takenCount).to.equal(0);
      expect(pool.take(owner()) === buffer, 'a buffer of theirs is used again').to.equal(false);
    });
  }

  it('does not take one buffer twice', () => {
    const pool = new OutputPool();
    const one = owner();
    const buffer = pool.take(one);
    pool.giveBack(one, buffer);
    pool.giveBack(one, buffer);
    expect(one.isSevered).to.equal(true);
    const [two, three] = [pool.take(owner()), pool.take(owner())];
    expect(two === three).to.equal(false);
  });
});
