import { LiveHistory, type LiveInterval, liveStepMs } from '../metrics/live/live-history.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SnapshotCell } from '../snapshot/snapshot-cell.ts';
import type { Clock } from './clock.ts';
import { ageSeconds } from './component-health.ts';
import type { Parts } from './drain.ts';
import { every } from './every.ts';

interface Kept {
  /** Their rows are named already. */
  readonly metrics: Metrics;
  readonly cell: SnapshotCell;
  readonly clock: Clock;
  readonly parts: Parts;
}

/** Keeps what checks come to for a day; answers how to look it up. */
export function keepLive({ metrics, cell, clock, parts }: Kept) {
  const history = new LiveHistory({
    ...metrics,
    now: clock.now,
    snapshot: () => ({
      revision: cell.read()?.snapshot.revision ?? 0,
      ageSeconds: ageSeconds(cell, clock.ticks()),
    }),
  });
  parts.keeping.unshift(every(liveStepMs, async () => history.look()));
  return (since: number, interval: LiveInterval) => history.after(since, interval);
}
