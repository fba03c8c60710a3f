import type { FollowerObserver } from './follow-store.ts';

export interface SyncMetrics {
  readonly snapshotRevision: { set(value: number): void };
  readonly snapshotEntries: { set(labels: { kind: string }, value: number): void };
  readonly snapshotRejected: { inc(): void };
  readonly syncLag: { observe(seconds: number): void };
  readonly syncConnected: { set(value: number): void };
}

export interface SyncLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes down what becomes of the snapshot. A store that stays away is logged once, and once when it is back. */
export function createFollowerObserver(metrics: SyncMetrics, log: SyncLog): FollowerObserver {
  let away = false;
  return {
    published(index, lagSeconds) {
      metrics.snapshotRevision.set(index.revision);
      for (const [kind, count] of Object.entries(index.counts())) {
        metrics.snapshotEntries.set({ kind }, count);
      }
      if (lagSeconds !== undefined) {
        metrics.syncLag.observe(Math.max(0, lagSeconds));
      }
    },
    rejected(why, revision) {
      metrics.snapshotRejected.inc();
      log.error({ why, revision }, 'snapshot rows rejected');
    },
    confirmed() {
      metrics.syncConnected.set(1);
      if (away) {
        away = false;
        log.info({}, 'store answers again');
      }
    },
    failed(cause) {
      metrics.syncConnected.set(0);
      if (!away) {
        away = true;
        log.error({ err: cause }, 'store does not answer; checks go on with the last snapshot');
      }
    },
  };
}
