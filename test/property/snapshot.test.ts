import { cpSync, rmSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Everything, idOf } from '../../src/changes/change-set.ts';
import { effectivePermission } from '../../src/decision/permission.ts';
import { digestOf, lookupDigestOf } from '../../src/keys/digest.ts';
import { storedPermission } from '../../src/server/stored-permission.ts';
import { FlatIndex } from '../../src/snapshot/flat-index.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import type { Store, Writes } from '../../src/store/store.ts';
import { isStoreFault, StoreError } from '../../src/store/store-error.ts';
import { StoreFollower } from '../../src/sync/follow-store.ts';
import { checkAsyncProperty, propertyTimeoutMs, readReplay } from '../support/check-property.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { author, everythingIn, fillSite, keyOf, openSqlite, projectOf, user } from '../support/store.ts';
import {
  everyAccessKey,
  everyApiKey,
  principals,
  projectIds,
  type RandomWrite,
  randomWrite,
  randomWriteOf,
  writeMethods,
} from './random-writes.ts';

/** Several writes in one transaction make one change set; when one of them is refused, none of them happened. */
const transaction = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(randomWrite) },
  { weight: 1, arbitrary: fc.tuple(randomWrite, randomWrite) },
);

describe('B33 B38 T52 the change feed of a real store', () => {
  const filled = dataDirectory();
  const used = dataDirectory();
  before(async () => {
    const store = await openSqlite(filled);
    await store.write(author, fillSite);
    await store.write(author, fillMore);
    await store.close();
  });

  it('followed from write to write, gives what a rebuild from the whole store gives', async () => {
    const sequence = fc.array(transaction, { minLength: 1, maxLength: 10, size: 'max' });
    const property = fc.asyncProperty(sequence, async transactions => {
      await onFilledSite(store => follow(store, transactions));
    });
    await checkAsyncProperty(property, 300);
  }).timeout(propertyTimeoutMs);

  for (const method of writeMethods) {
    it(`followed through ${method}, gives what a rebuild from the whole store gives`, async () => {
      const writes = fc.sample(randomWriteOf(method), { numRuns: 200, ...readReplay() }).map(write => [write]);
      const taken = await onFilledSite(store => follow(store, writes, 1));
      expect(taken, `writes of ${method} that the store took, of 200`).to.equal(1);
    });
  }

  /** On a site of its own, a copy of the filled one. */
  async function onFilledSite<T>(run: (store: Store) => Promise<T>): Promise<T> {
    rmSync(used, { recursive: true });
    cpSync(filled, used, { recursive: true });
    const store = await openSqlite(used);
    return run(store).finally(() => store.close());
  }
});

/**
 * Makes the changes one after the other with a follower behind them, until the store took as many as are enough, and
 * compares what it has in the end. Answers how many it took.
 */
async function follow(
  store: Store,
  transactions: readonly (readonly RandomWrite[])[],
  enough = Number.POSITIVE_INFINITY,
): Promise<number> {
  let taken = 0;
  const cell = new SnapshotCell();
  const observer = { published: () => undefined, rejected: fail, confirmed: () => undefined, failed: fail };
  const follower = new StoreFollower({ feed: store, cell, now: Date.now, ticks: () => performance.now(), observer });
  await follower.start();
  try {
    for (const writes of transactions) {
      if (taken === enough) break;
      const revision = await commit(store, writes);
      if (revision !== undefined) taken += 1;
      await follower.reach(revision ?? 0);
    }
    await expectSame(cell, store);
    await expectSameRights(cell, store);
    return taken;
  } finally {
    await follower.stop();
  }
}

/** Enough beside it that most writes meet something to change, and some still find a name free. */
async function fillMore(writes: Writes): Promise<void> {
  await writes.insertUser(user('dan'));
  await writes.insertApplication({ name: 'a1', owner: 'ada', deactivated: false, created_at: 1 });
  await writes.insertTeam({ team: 't2', created_at: 1 });
  await writes.insertProject(projectOf('p2', 'ben'));
  for (const id of ['p', 'p2']) {
    for (const name of ['ada', 'ben', 'a1']) await writes.putCollaborator(id, name, 'write');
    await writes.putTeamCollaborator(id, 't2', 'override', 'read');
  }
  for (const name of ['ada', 'ben']) await writes.putTeamMember('t2', name, 'operator');
  await writes.insertApiKeys([{ key: keyOf('k2', 'a1'), digest: digestOf('secret of k2') }]);
}

/** The revision of the change, or undefined where the store refused it. */
async function commit(store: Store, writes: readonly RandomWrite[]): Promise<number | undefined> {
  try {
    const { revision } = await store.write(author, async tx => {
      for (const { run } of writes) await run(tx);
    });
    return revision;
  } catch (cause) {
    if (isRefusal(cause)) return undefined;
    throw cause;
  }
}

/** A refusal of the contract, or of the schema: some writes leave it to the caller to name a principal that exists. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof StoreError && !isStoreFault(cause.code);
}

/** Row by row what the store holds, and the same answers to a check as an index built at once. */
async function expectSame(cell: SnapshotCell, store: Store): Promise<void> {
  const everything = await everythingIn(store);
  const followed = cell.read()?.snapshot as FlatIndex;
  expect(sorted(followed.everything())).to.deep.equal(sorted(everything));
  expect(lookups(followed)).to.deep.equal(lookups(FlatIndex.build(everything)));
}

/** T52: what a change asks the store and what a check asks the snapshot come to the same, for everybody on every project. */
async function expectSameRights(cell: SnapshotCell, store: Store): Promise<void> {
  const snapshot = cell.read()?.snapshot as FlatIndex;
  for (const projectId of [...projectIds, 'none']) {
    for (const name of [...principals, 'nobody']) {
      const checked = effectivePermission(snapshot, snapshot.refOf(projectId), snapshot.refOf(name));
      expect(await storedPermission(store.read, projectId, name), `${name} on ${projectId}`).to.equal(checked);
    }
  }
}

function sorted({ puts, ...rest }: Everything) {
  return { ...rest, rows: puts.map(put => [`${put.kind} ${idOf(put)}`, put.row] as const).sort(byFirst) };
}

function byFirst([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** What is found under every key that was ever in force, by its digest, and the teams of each project. */
function lookups(index: FlatIndex) {
  return {
    models: everyAccessKey.map(key => index.modelByAccessKey(lookupDigestOf(key))?.row),
    apiKeys: everyApiKey.map(key => index.apiKey(lookupDigestOf(key))?.key_id),
    teams: projectIds.map(id =>
      index
        .teamCollaborators(index.refOf(id))
        .map(({ team }) => index.nameOf(team))
        .sort(),
    ),
  };
}

function fail(why: unknown): never {
  throw new Error(`unexpected: ${why}`);
}
