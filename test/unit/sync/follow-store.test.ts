import { expect } from 'chai';
import type { Change, ChangeSet, Put } from '../../../src/changes/change-set.ts';
import { fieldEnd, packRow, rowEnd } from '../../../src/changes/packed-row.ts';
import type { PackedPage } from '../../../src/changes/packed-rows.ts';
import { rowCheckOf, rowHash } from '../../../src/changes/row-hash.ts';
import { lookupDigestOf } from '../../../src/keys/digest.ts';
import { SnapshotCell } from '../../../src/snapshot/snapshot-cell.ts';
import type { ChangeFeed } from '../../../src/store/store.ts';
import { StoreFollower } from '../../../src/sync/follow-store.ts';
import { accessKeys, apiKeys, model, principal, put, sampleSite } from '../../support/site.ts';

/** A feed in memory whose content a test bends; every answer is what a store could give. */
class FakeFeed implements ChangeFeed {
  epoch = 'one';
  sets: ChangeSet[] = [];
  puts: readonly (Put | undefined)[] = sampleSite;
  pages: PackedPage[] = [];
  broken = false;

  async head() {
    this.#mayBreak();
    return { epoch: this.epoch, revision: 1 + this.sets.length };
  }

  async changesSince(revision: number) {
    this.#mayBreak();
    return this.sets.filter(set => set.revision > revision);
  }

  async *everything() {
    this.#mayBreak();
    const at = { epoch: this.epoch, revision: 1 + this.sets.length };
    yield { ...at, puts: this.puts };
    for (const page of this.pages) yield { ...at, puts: [], page };
  }

  commit(...changes: unknown[]): number {
    const revision = 2 + this.sets.length;
    this.sets.push({ epoch: this.epoch, revision, committed_at: 0, changes: changes as Change[] });
    return revision;
  }

  #mayBreak(): void {
    if (this.broken) {
      throw new Error('no answer');
    }
  }
}

async function follow() {
  const feed = new FakeFeed();
  const cell = new SnapshotCell();
  const rejected: string[] = [];
  let ticks = 1000;
  const observer = {
    published: () => undefined,
    confirmed: () => undefined,
    failed: () => undefined,
    rejected: (why: string) => rejected.push(why),
  };
  const follower = new StoreFollower({ feed, cell, now: Date.now, ticks: () => ticks, observer });
  await follower.start();
  return { feed, cell, follower, rejected, at: (ms: number) => (ticks = ms) };
}

describe('sync: following a store', () => {
  it('B38 has applied a revision when reach resolves', async () => {
    const { feed, cell, follower } = await follow();
    await follower.reach(feed.commit(model({ accessKey: 'next' })));
    await follower.stop();
    expect(cell.read()?.snapshot.modelByAccessKey(lookupDigestOf('next'))?.row.model_id).to.equal('fraud');
    expect(cell.read()?.snapshot.modelByAccessKey(lookupDigestOf(accessKeys.fraud))).to.equal(undefined);
  });

  it('applies nothing of a change set with a bad row, and takes the whole content instead', async () => {
    const { feed, cell, follower, rejected } = await follow();
    feed.puts = sampleSite.filter(({ kind }) => kind !== 'api_key');
    const revision = feed.commit(model({ accessKey: 'next' }), { op: 'put', kind: 'model', row: { model_id: 'x' } });
    await follower.reach(revision);
    await follower.stop();
    expect(rejected).to.deep.equal(['a change is not whole']);
    expect(cell.read()?.snapshot.modelByAccessKey(lookupDigestOf('next'))).to.equal(undefined);
    expect(cell.read()?.snapshot.apiKey(lookupDigestOf(apiKeys.viewer))).to.equal(undefined);
  });

  it('T40 leaves a bad row out of a rebuild, so that it denies only itself', async () => {
    const { feed, cell, follower, rejected } = await follow();
    feed.epoch = 'two';
    feed.puts = [...sampleSite, { op: 'put', kind: 'api_key', row: { key_id: 'k' } } as never];
    await follower.reach(feed.commit());
    await follower.stop();
    expect(rejected).to.deep.equal(['1 rows are not whole']);
    expect(cell.read()?.snapshot.apiKey(lookupDigestOf(apiKeys.viewer))?.principal).to.equal('viewer');
  });

  it('T33 gives checks their turn time and again while a large page comes in, and shows them all of it or nothing', async () => {
    const { feed, cell, follower } = await follow();
    const count = 6000;
    const packed = Array.from({ length: count }, (_, at) => {
      const row = principal(`user-${at}`);
      return `${rowCheckOf(rowHash(row))}${String.fromCharCode(fieldEnd)}${packRow(row)}`;
    });
    feed.pages = [{ kind: 'principal', bytes: Buffer.from(packed.join(String.fromCharCode(rowEnd))) }];
    feed.epoch = 'two';
    const seen: boolean[] = [];
    const look = () => {
      const snapshot = cell.read()?.snapshot;
      seen.push(snapshot?.principal(snapshot.refOf('user-0')) !== undefined);
      turn = setImmediate(look);
    };
    let turn = setImmediate(look);
    await follower.reach(feed.commit());
    clearImmediate(turn);
    await follower.stop();
    expect(seen.filter(isThere => !isThere)).to.have.length.of.at.least(count / 1000);
    const snapshot = cell.read()?.snapshot;
    expect(snapshot?.principal(snapshot.refOf(`user-${count - 1}`))?.active).to.equal(true);
  });

  it('takes the whole content where a change set is missing', async () => {
    const { feed, cell, follower, rejected } = await follow();
    feed.commit();
    const revision = feed.commit();
    feed.sets.shift();
    feed.sets.unshift({ epoch: 'one', revision: 3, committed_at: 0, changes: [] });
    await follower.reach(revision);
    await follower.stop();
    expect(rejected).to.deep.equal(['a change set is missing']);
    expect(cell.read()?.snapshot.revision).to.equal(3);
  });

  it('never mixes epochs: another one is taken whole', async () => {
    const { feed, cell, follower } = await follow();
    feed.epoch = 'two';
    feed.puts = [put('settings', { stale_after_seconds: 0 }), model({ accessKey: 'of-the-new-epoch' })];
    await follower.reach(feed.commit());
    await follower.stop();
    expect(cell.read()?.snapshot.epoch).to.equal('two');
    expect(cell.read()?.snapshot.modelByAccessKey(lookupDigestOf(accessKeys.fraud))).to.equal(undefined);
  });

  it('B40 keeps the last snapshot and lets it grow old while the store does not answer', async () => {
    const { feed, cell, follower, at } = await follow();
    feed.broken = true;
    at(9000);
    const error = await follower.reach(99).catch((refused: Error) => refused);
    await follower.stop();
    expect(error).to.be.instanceOf(Error);
    expect(follower.trouble).to.be.a('string');
    expect(cell.read()).to.include({ confirmedAt: 1000 });
    expect(cell.read()?.snapshot.modelByAccessKey(lookupDigestOf(accessKeys.fraud))?.row.model_id).to.equal('fraud');
  });
});
