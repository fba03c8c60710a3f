import { setImmediate } from 'node:timers/promises';
import type { Change, ChangeSet, Kind } from '../changes/change-set.ts';
import { PackedRows } from '../changes/packed-rows.ts';
import { parseChange } from '../changes/parse-change.ts';
import { FlatIndex } from '../snapshot/flat-index.ts';
import type { SnapshotCell } from '../snapshot/snapshot-cell.ts';
import type { ChangeFeed } from '../store/store.ts';
import { applyInTurns } from './apply-in-turns.ts';

export interface FollowerOptions {
  readonly feed: ChangeFeed;
  readonly cell: SnapshotCell;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets: how old a snapshot is must not follow the time of day. */
  readonly ticks: () => number;
  readonly observer: FollowerObserver;
}

/** What happens to the snapshot, for logs and metrics. */
export interface FollowerObserver {
  /** A snapshot is published: `lagSeconds` after its last commit where it came by a change set. */
  published(index: FlatIndex, lagSeconds: number | undefined): void;
  /** Rows or a change set were refused; the last good state stays. */
  rejected(why: string, revision: number): void;
  /** The store answered, and holds nothing newer. */
  confirmed(): void;
  /** The store did not answer; the snapshot stays and grows older. */
  failed(cause: unknown): void;
}

/** Steps in which a new index makes place for what it will hold. */
const placeSteps = 16;
/** How often the store is asked for news that nobody told us of. */
const pollMs = 1000;
/** Rows put into a new index before checks have their turn: a millisecond's work, or some where none is of the usual form. */
const rowsAtOnce = 500;

/** Keeps the snapshot cell at the store's newest revision. Nothing else publishes. */
export class StoreFollower {
  readonly #options: FollowerOptions;
  #index: FlatIndex | undefined;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Publishes the first snapshot, then follows. Rejects where the store can't be read. */
  async start(): Promise<void> {
    await this.#catchUp();
    this.#timer = setInterval(() => this.#catchUp().catch(() => undefined), pollMs);
    this.#timer.unref();
  }

  /** Resolves when checks see the revision (B38). Rejects where it can't be published: then it is saved, and not in force. */
  async reach(revision: number): Promise<void> {
    // Between two pages of a long catch-up the revision may be reached, and what came after it not undone yet.
    await this.#running.catch(() => undefined);
    if ((this.#index?.revision ?? -1) < revision) {
      await this.#catchUp();
    }
    if ((this.#index?.revision ?? -1) < revision) {
      throw new Error(`revision ${revision} is saved, and could not be published`);
    }
  }

  /** Why the snapshot does not follow; undefined: it does. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running.catch(() => undefined);
  }

  /** One at a time: a later caller's run begins after the earlier one's, so it sees what was committed before the call. */
  #catchUp(): Promise<void> {
    const run = this.#running.catch(() => undefined).then(() => this.#follow());
    this.#running = run;
    return run;
  }

  async #follow(): Promise<void> {
    const { feed, cell, ticks, observer } = this.#options;
    try {
      const asked = ticks();
      const head = await feed.head();
      if (!this.#index || head.epoch !== this.#index.epoch || head.revision < this.#index.revision) {
        await this.#rebuild();
      }
      while (this.#index && this.#index.revision < head.revision) {
        const sets = await feed.changesSince(this.#index.revision);
        if (!(await this.#applyAll(sets))) {
          await this.#rebuild();
          break;
        }
      }
      cell.confirm(asked);
      this.#trouble = undefined;
      observer.confirmed();
    } catch (cause) {
      this.#trouble = 'the store could not be read';
      observer.failed(cause);
      throw cause;
    }
  }

  /** Whether there were change sets, and all were applied. */
  async #applyAll(sets: readonly ChangeSet[]): Promise<boolean> {
    for (const set of sets) {
      if (!(await this.#apply(set))) {
        return false;
      }
    }
    return sets.length > 0;
  }

  /** Whether the change set was applied; if not, nothing of it was, and a new index has to be built. */
  async #apply(set: ChangeSet): Promise<boolean> {
    const { cell, now, ticks, observer } = this.#options;
    const index = this.#index as FlatIndex;
    const changes: (Change | undefined)[] = [];
    for (let at = 0; at < set.changes.length; at += rowsAtOnce) {
      changes.push(...set.changes.slice(at, at + rowsAtOnce).map(parseChange));
      if (set.changes.length > rowsAtOnce) {
        await setImmediate();
      }
    }
    const isNext = set.epoch === index.epoch && set.revision === index.revision + 1;
    if (!isNext || !changes.every(isWhole)) {
      observer.rejected(isNext ? 'a change is not whole' : 'a change set is missing', set.revision);
      return false;
    }
    try {
      if (!(await applyInTurns(index, set.revision, changes))) {
        return false;
      }
    } catch (cause) {
      // Without memory half of it may be applied: nothing may be added to that.
      this.#index = undefined;
      throw cause;
    }
    cell.publish(index, ticks());
    observer.published(index, (now() - set.committed_at) / 1000);
    return true;
  }

  /**
   * Builds anew from the whole store, piece by piece, while checks are answered from what was there before. Rows that
   * are not whole are left out: whatever is left out only denies, save the settings, which hold the staleness limit:
   * without them nothing is published.
   */
  async #rebuild(): Promise<void> {
    const { feed, cell, ticks, observer } = this.#options;
    const asked = ticks();
    let index: FlatIndex | undefined;
    let rejected = 0;
    for await (const { epoch, revision, puts, page, counts } of feed.everything()) {
      index ??= new FlatIndex({ epoch, revision });
      if (counts) {
        await makePlace(index, counts);
      }
      for (const rows = page && new PackedRows(page); rows && !rows.isAtEnd; await setImmediate()) {
        rejected += index.fill(rows, rowsAtOnce);
      }
      for (const data of puts) {
        const put = parseChange(data);
        if (put?.op === 'put') {
          index.put(put);
        } else {
          rejected += 1;
        }
      }
    }
    if (index && rejected > 0) {
      observer.rejected(`${rejected} rows are not whole`, index.revision);
    }
    if (!index || index.counts().settings === 0) {
      throw new Error('the settings in the store are not whole');
    }
    this.#index = index;
    cell.publish(index, asked);
    observer.published(index, undefined);
  }
}

/** Makes place for rows in steps: all at once, the memory of a million of them takes as long as many checks (T33). */
async function makePlace(index: FlatIndex, counts: Partial<Record<Kind, number>>): Promise<void> {
  for (let step = 1; step <= placeSteps; step += 1) {
    const reached = Object.entries(counts).map(([kind, count]) => [kind, Math.ceil((count * step) / placeSteps)]);
    index.expect(Object.fromEntries(reached));
    await setImmediate();
  }
}

function isWhole(change: Change | undefined): change is Change {
  return change !== undefined;
}
