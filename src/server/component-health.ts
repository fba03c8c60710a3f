import type { CheckServer } from '../check/server/check-server.ts';
import { isStale } from '../decision/staleness.ts';
import type { ComponentHealth, Health } from '../health/health.ts';
import type { Log } from '../log/log.ts';
import { addClockBehind, type Metrics } from '../metrics/metrics.ts';
import type { SnapshotCell } from '../snapshot/snapshot-cell.ts';
import type { StoreFollower } from '../sync/follow-store.ts';
import type { Clock } from './clock.ts';
import { ClockWatch } from './clock-watch.ts';
import { every } from './every.ts';
import type { StoreWatch } from './store-watch.ts';

const servingCheckMs = 1000;
const clockWatchMs = 5000;

/** Time since the snapshot was last known to be the newest, in seconds; undefined: there is none yet. */
export function ageSeconds(cell: SnapshotCell, ticks: number): number | undefined {
  const published = cell.read();
  return published && Math.max(0, ticks - published.confirmedAt) / 1000;
}

export function snapshotHealth(cell: SnapshotCell, ticks: number): ComponentHealth {
  const published = cell.read();
  const age = ageSeconds(cell, ticks);
  if (!published || age === undefined) {
    return { ok: false, detail: 'none yet' };
  }
  return {
    ok: !isStale(published, ticks),
    detail: `revision ${published.snapshot.revision}, confirmed ${Math.floor(age)} s ago`,
  };
}

/**
 * Checks are answered from the snapshot, so a store that fails in any way stops none of them: whether there is a snapshot,
 * and one that is not too old, is the component `snapshot`'s to say (B22, B40).
 */
export function storeHealth(
  follower: Pick<StoreFollower, 'trouble'>,
  watch: Pick<StoreWatch, 'trouble'>,
): ComponentHealth {
  const trouble = watch.trouble ?? follower.trouble;
  return trouble === undefined ? { ok: true, detail: 'answers' } : { ok: false, detail: trouble, checksGoOn: true };
}

/** Shows the clock in health, metric and log until the answer is called. */
export function watchClock(clock: Clock, told: { metrics: Metrics; health: Health; log: Log }): () => Promise<void> {
  const watch = new ClockWatch(clock, told.log);
  addClockBehind(told.metrics, () => clock.behindMs() / 1000);
  told.health.add('clock', () => watch.health());
  return every(clockWatchMs, async () => watch.look());
}

/** Health probes of gRPC follow readiness; closing says "not serving" first. */
export function keepServingStatus(checks: CheckServer, health: Health): () => Promise<void> {
  const update = () => checks.setServing(health.read().ready);
  update();
  const timer = setInterval(update, servingCheckMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    health.shutDown();
    checks.setServing(false);
  };
}
