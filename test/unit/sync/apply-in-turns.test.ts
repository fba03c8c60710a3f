import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { Change } from '../../../src/changes/change-set.ts';
import { digestOf } from '../../../src/keys/digest.ts';
import { FlatIndex } from '../../../src/snapshot/flat-index.ts';
import { applyInTurns } from '../../../src/sync/apply-in-turns.ts';

const keyPut = (n: number): Change => ({
  op: 'put',
  kind: 'api_key',
  row: {
    key_id: `key-${n}`,
    digest: digestOf(`key ${n}`),
    principal: 'ada',
    expires_at: null,
    audiences: ['API'],
    models: null,
  },
});
const userPut = (n: number): Change => ({
  op: 'put',
  kind: 'principal',
  row: { principal: `user-${n}`, principal_kind: 'user', active: true },
});
const many = (count: number, make: (n: number) => Change) => Array.from({ length: count }, (_, n) => make(n));

describe('T33 a large change set comes into the index that checks read', () => {
  it('in turns where it is of one kind, and counts as reached with its last change', async () => {
    const index = new FlatIndex({ epoch: 'e', revision: 1 });
    const seen: [revision: number, keys: number][] = [];
    let isDone = false;
    const applying = applyInTurns(index, 2, many(2000, keyPut)).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      seen.push([index.revision, index.counts().api_key]);
      await setImmediate();
    }
    expect(await applying).to.equal(true);
    expect(index.revision).to.equal(2);
    expect(seen.length).to.be.greaterThan(3);
    expect(seen.filter(([revision, keys]) => (revision === 2) !== (keys === 2000))).to.deep.equal([]);
  });

  it('in one go where rows of several kinds count together, and not at all where that would take long', async () => {
    const index = new FlatIndex({ epoch: 'e', revision: 1 });
    const applying = applyInTurns(index, 2, [...many(500, userPut), ...many(500, keyPut)]);
    expect([index.revision, index.counts().api_key]).to.deep.equal([2, 500]);
    expect(await applying).to.equal(true);
    expect(await applyInTurns(index, 3, [...many(2500, userPut), ...many(500, keyPut)])).to.equal(false);
    expect([index.revision, index.counts().principal]).to.deep.equal([2, 500]);
  });
});
