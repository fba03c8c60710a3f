import { expect } from 'chai';
import { Health } from '../../../src/health/health.ts';
import { storeHealth } from '../../../src/server/component-health.ts';

/** Readiness where the follower and the watch of the store say so. */
function readiness(follower: string | undefined, watch: string | undefined) {
  const health = new Health();
  health.add('store', () => storeHealth({ trouble: follower }, { trouble: watch }));
  const { ready, components } = health.read();
  return { ready, ...components['store'] };
}

describe('health of the store', () => {
  it('T39 leaves the process ready whatever fails, since checks go on from memory, and says what', () => {
    expect(readiness(undefined, undefined)).to.deep.equal({ ready: true, ok: true, detail: 'answers' });
    expect(readiness('not read', undefined)).to.deep.equal({ ready: true, ok: false, detail: 'not read' });
    expect(readiness(undefined, 'not written')).to.deep.equal({ ready: true, ok: false, detail: 'not written' });
    expect(readiness('not read', 'not written')).to.deep.equal({ ready: true, ok: false, detail: 'not written' });
  });
});
