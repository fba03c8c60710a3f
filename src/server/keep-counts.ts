import { countExpiringKeys } from '../admin/api-keys/count-expiring-keys.ts';
import type { AdminContext } from '../admin/context.ts';
import type { KeyUses } from '../check/tallies/key-uses.ts';
import type { ShadowDenials } from '../check/tallies/shadow-denials.ts';
import { tallyWriter, writeTalliesMs } from '../check/tallies/write-tallies.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Store } from '../store/store.ts';
import type { Parts } from './drain.ts';
import { every } from './every.ts';

/** How often keys that expire soon are counted; at a scrape the number is only read. */
const expiryCountMs = 60_000;

interface Counting {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  readonly parts: Parts;
  readonly keyUses: KeyUses;
  readonly shadowDenials: ShadowDenials;
}

/** Writes down what checks leave behind, and counts what is about to expire, from time to time. */
export async function keepCounts(
  counting: Counting,
): Promise<Pick<AdminContext, 'flushKeyUses' | 'flushShadowDenials'>> {
  const { store, metrics, log, now, parts, keyUses, shadowDenials } = counting;
  const flushKeyUses = tallyWriter({ tally: keyUses, what: 'key uses', write: uses => store.recordKeyUses(uses), log });
  const flushShadowDenials = tallyWriter({
    tally: shadowDenials,
    what: 'shadow denials',
    write: counts => store.recordShadowDenials(counts),
    log,
  });
  const countExpiring = () => countExpiringKeys({ reads: store.read, gauge: metrics.apiKeysExpiring, now, log });
  await countExpiring();
  parts.keeping.unshift(
    every(writeTalliesMs, flushKeyUses),
    every(writeTalliesMs, flushShadowDenials),
    every(expiryCountMs, countExpiring),
  );
  return { flushKeyUses, flushShadowDenials };
}
