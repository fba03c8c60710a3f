import type { Published } from '../snapshot/snapshot-cell.ts';
import { type Audience, judgeApiKey } from './judge-api-key.ts';
import { isStale } from './staleness.ts';

export type KeyFault = 'not_ready' | 'stale' | 'api_key_invalid' | 'api_key_expired' | 'audience_mismatch';

/** Whose key it is, or why it is of no use now. */
export type KeyValidity =
  | { readonly valid: true; readonly principal: string }
  | { readonly valid: false; readonly reason: KeyFault };

/** Whether a text is a live API key for an audience, told only where a check would be decided too (B22). */
export function validateApiKey(
  published: Published | undefined,
  apiKey: string,
  audience: Audience,
  clock: { now(): number; ticks(): number },
): KeyValidity {
  if (!published || isStale(published, clock.ticks())) {
    return { valid: false, reason: published ? 'stale' : 'not_ready' };
  }
  const judged = judgeApiKey(published.snapshot, apiKey, audience, clock.now());
  return judged.valid ? { valid: true, principal: judged.owner.principal } : { valid: false, reason: judged.reason };
}
