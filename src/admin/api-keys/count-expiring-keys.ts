import type { ApiKeyReads } from '../../store/api-key-store.ts';
import { dayMs, expiresSoonDays } from './expiry.ts';

export interface ExpiringKeysOptions {
  readonly reads: ApiKeyReads;
  readonly gauge: { set(labels: { within: string }, value: number): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: { error(fields: object, message: string): void };
}

/** Writes into the metric how many keys expire soon (B47). Where they can't be counted, the last numbers stay. Never rejects. */
export async function countExpiringKeys({ reads, gauge, now, log }: ExpiringKeysOptions): Promise<void> {
  try {
    for (const days of expiresSoonDays) {
      const count = await reads.countApiKeysExpiring(now(), now() + days * dayMs);
      gauge.set({ within: `${days}d` }, count);
    }
  } catch (cause) {
    log.error({ err: cause }, 'keys that expire soon could not be counted');
  }
}
