import { expect } from 'chai';
import fc from 'fast-check';
import type { Permission } from '../../src/changes/change-set.ts';
import { digestOf } from '../../src/keys/digest.ts';
import { MapIndex } from '../../src/snapshot/map-index.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import type { Store, Writes } from '../../src/store/store.ts';
import { StoreFollower } from '../../src/sync/follow-store.ts';
import { runs } from '../support/runs.ts';
import { author, keyOf, modelOf, openSqlite, projectOf, user } from '../support/store.ts';

type Write = (writes: Writes) => Promise<unknown>;

const few = fc.integer({ min: 0, max: 3 });
const permission = fc.constantFrom<Permission>('business_user', 'read', 'operator', 'write', 'admin');
const flag = fc.boolean();

/** Writes of every kind on a few names, so that they meet; many of them are refused, and must then leave no trace. */
const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  few.map(n => (w: Writes) => w.insertUser(user(`u${n}`))),
  fc.tuple(few, flag).map(
    ([n, deactivated]) =>
      (w: Writes) =>
        w.updateUser(`u${n}`, { deactivated }),
  ),
  few.map(n => (w: Writes) => w.insertApplication({ name: `a${n}`, owner: 'u0', deactivated: false, created_at: 1 })),
  fc.tuple(few, flag).map(
    ([n, deactivated]) =>
      (w: Writes) =>
        w.updateApplication(`a${n}`, { deactivated }),
  ),
  few.map(n => (w: Writes) => w.insertTeam({ team: `t${n}`, created_at: 1 })),
  fc.tuple(few, few, permission).map(
    ([t, n, p]) =>
      (w: Writes) =>
        w.putTeamMember(`t${t}`, `u${n}`, p),
  ),
  fc.tuple(few, few).map(
    ([t, n]) =>
      (w: Writes) =>
        w.deleteTeamMember(`t${t}`, `u${n}`),
  ),
  fc.tuple(few, few).map(
    ([p, n]) =>
      (w: Writes) =>
        w.insertProject(projectOf(`p${p}`, `u${n}`)),
  ),
  fc.tuple(few, few).map(
    ([p, t]) =>
      (w: Writes) =>
        w.updateProject(`p${p}`, { owner_user: null, owner_team: `t${t}`, visibility: 'organization' }),
  ),
  fc.tuple(few, few, permission).map(
    ([p, n, held]) =>
      (w: Writes) =>
        w.putCollaborator(`p${p}`, `u${n}`, held),
  ),
  fc.tuple(few, few).map(
    ([p, n]) =>
      (w: Writes) =>
        w.deleteCollaborator(`p${p}`, `u${n}`),
  ),
  fc.tuple(few, few, permission).map(
    ([p, t, held]) =>
      (w: Writes) =>
        w.putTeamCollaborator(`p${p}`, `t${t}`, 'override', held),
  ),
  fc.tuple(few, few).map(
    ([p, t]) =>
      (w: Writes) =>
        w.deleteTeamCollaborator(`p${p}`, `t${t}`),
  ),
  fc.tuple(few, few).map(
    ([m, p]) =>
      (w: Writes) =>
        w.insertModel(modelOf(`m${m}`, `p${p}`)),
  ),
  fc.tuple(few, few).map(
    ([m, k]) =>
      (w: Writes) =>
        w.updateModel(`m${m}`, { access_key: `m-access-key-number-${k}` }),
  ),
  fc.tuple(few, flag).map(
    ([m, auth_enabled]) =>
      (w: Writes) =>
        w.updateModel(`m${m}`, { auth_enabled }),
  ),
  fc.tuple(few, few).map(
    ([k, n]) =>
      (w: Writes) =>
        w.insertApiKeys([{ key: keyOf(`k${k}`, `u${n}`), digest: digestOf(`secret ${k}`) }]),
  ),
  fc.tuple(few, fc.integer()).map(
    ([k, expires_at]) =>
      (w: Writes) =>
        w.updateApiKey(`k${k}`, { expires_at }),
  ),
  few.map(k => (w: Writes) => w.deleteApiKey(`k${k}`)),
  few.map(n => (w: Writes) => w.deleteApiKeysOf(`u${n}`)),
  fc.nat({ max: 99 }).map(stale_after_seconds => (w: Writes) => w.updateSettings({ stale_after_seconds })),
);

describe('snapshot: following and rebuilding', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openSqlite();
  });
  afterEach(() => store.close());

  it('B33 B38 gives the same state by change sets as by a rebuild, after every write', async () => {
    const cell = new SnapshotCell();
    const silent = { published: () => undefined, rejected: fail, confirmed: () => undefined, failed: fail };
    const follower = new StoreFollower({ feed: store, cell, now: Date.now, ticks: Date.now, observer: silent });
    await follower.start();
    const property = fc.asyncProperty(fc.array(anyWrite, { minLength: 1, maxLength: 40 }), async writes => {
      for (const change of writes) {
        const committed = await store.write(author, change).catch(() => undefined);
        await follower.reach(committed?.revision ?? 0);
      }
      const followed = cell.read()?.snapshot as MapIndex;
      expect(followed.everything()).to.deep.equal(MapIndex.build(await store.everything()).everything());
    });
    await fc.assert(property, { numRuns: runs(40) });
    await follower.stop();
  }).timeout(60_000);
});

function fail(why: unknown): never {
  throw new Error(`unexpected: ${why}`);
}
