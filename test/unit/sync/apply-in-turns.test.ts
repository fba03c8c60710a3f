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
const renamed = (put: Change): Change =>
  put.op === 'put' && put.kind === 'api_key' ? { ...put, row: { ...put.row, key_id: `${put.row.key_id}-new` } } : put;
const many = (count: number, make: (n: number) => Change) => Array.from({ length: count }, (_, n) => make(n));

const modelPut = (n: number, accessKey = n): Change => ({
  op: 'put',
  kind: 'model',
  row: {
    model_id: `model-${n}`,
    project_id: 'p',
    access_key_digest: digestOf(`access key ${accessKey}`),
    target: `model-${n}`,
    auth_enabled: true,
    auth_shadow: false,
    stopped: false,
  },
});
const memberPut =
  (team: string) =>
  (n: number): Change => ({
    op: 'put',
    kind: 'team_member',
    row: { team, principal: `user-${n}`, permission: 'read' },
  });

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

  const together: Readonly<Record<string, readonly [before: readonly Change[], after: readonly Change[]]>> = {
    'access keys that move between models': [many(1000, n => modelPut(n)), many(1000, n => modelPut(n, 999 - n))],
    'an access key that moves from a deleted model to a new one': [
      many(1000, n => modelPut(n)),
      [...many(999, n => ({ op: 'delete', kind: 'model', id: `model-${n}` })), modelPut(1000, 0)],
    ],
    'rights that move from one team to another': [
      many(1000, memberPut('one')),
      [...many(500, n => ({ op: 'delete', kind: 'team_member', id: `one/user-${n}` })), ...many(500, memberPut('two'))],
    ],
    'keys that get another Key ID': [
      many(1000, keyPut),
      [...many(500, n => ({ op: 'delete', kind: 'api_key', id: `key-${n}` })), ...many(500, n => renamed(keyPut(n)))],
    ],
  };
  for (const [name, [before, after]] of Object.entries(together)) {
    it(`B33 in one go: ${name}, so that no call that both ends allow is refused in between`, async () => {
      const index = new FlatIndex({ epoch: 'e', revision: 1 });
      index.apply(1, before);
      const applying = applyInTurns(index, 2, after);
      const wanted = new FlatIndex({ epoch: 'e', revision: 1 });
      wanted.apply(2, [...before, ...after]);
      expect([index.revision, index.stateHash()]).to.deep.equal([2, wanted.stateHash()]);
      expect(await applying).to.equal(true);
    });
  }

  it('in turns where models keep their access keys or get new ones', async () => {
    const index = new FlatIndex({ epoch: 'e', revision: 1 });
    index.apply(
      1,
      many(2000, n => modelPut(n)),
    );
    const applying = applyInTurns(
      index,
      2,
      many(2000, n => modelPut(n, n % 2 === 0 ? n : n + 5000)),
    );
    expect(index.revision).to.equal(1);
    expect(await applying).to.equal(true);
    expect(index.revision).to.equal(2);
  });
});
