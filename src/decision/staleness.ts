import type { Published } from '../snapshot/snapshot-cell.ts';

/** Whether a snapshot was last confirmed longer ago than the site's limit (B22, B40). `ticks` is on the clock that nobody sets, in milliseconds. */
export function isStale({ snapshot, confirmedAt }: Published, ticks: number): boolean {
  const limitMs = snapshot.settings().stale_after_seconds * 1000;
  return limitMs > 0 && ticks - confirmedAt > limitMs;
}
