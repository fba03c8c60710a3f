import type { StoreUpkeep } from '../store/store.ts';
import type { StoreWatch } from './store-watch.ts';

export interface UpkeepOptions {
  readonly store: StoreUpkeep;
  readonly watch: StoreWatch;
  /** Milliseconds of a clock that nobody sets. */
  readonly ticks: () => number;
  /** Moves some of what the audit no longer keeps, and answers whether more may be due. Never rejects. */
  readonly archiveAudit: () => Promise<boolean>;
}

/** The time is written down this often where no change does it: so far it can run back over a crash (T41). */
const keepTimeMs = 60_000;
/**
 * How often it is looked whether there is something to do. Soon after a change its traces leave the log, and
 * while the store can't be written it is tried, so that health tells soon after the cause is gone.
 */
const lookMs = 500;
/** How often it is looked whether the audit is beyond its bounds; while it is, each look moves a part. */
const auditMs = 60_000;

/** Does what a store needs from time to time, until the answer is called, which does it a last time. Faults are the watch's to tell. */
export function startStoreUpkeep(options: UpkeepOptions): () => Promise<void> {
  const { store, watch, ticks } = options;
  let keptAt = ticks();
  let auditAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  const keep = async () => {
    keptAt = ticks();
    await store.keepTime();
    await store.purge();
    watch.heal();
  };
  const look = async () => {
    if (watch.trouble !== undefined || ticks() - keptAt >= keepTimeMs) {
      await keep();
    } else if (watch.writtenSincePurge) {
      await store.purge();
    }
    if (ticks() - auditAt >= auditMs) {
      auditAt = (await options.archiveAudit()) ? Number.NEGATIVE_INFINITY : ticks();
    }
  };
  const timer = setInterval(() => {
    running ??= look()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
  }, lookMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    await keep().catch(() => undefined);
  };
}
