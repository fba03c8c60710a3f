import type { PrincipalRow } from '../changes/change-set.ts';
import { lookupDigestOf } from '../keys/digest.ts';
import type { ApiKeyEntry, Snapshot } from '../snapshot/snapshot.ts';
import { type Ask, ask as askOnly } from './decision-rules.ts';

/** What an API key may be used for, whatever its owner may do. */
export type Audience = 'API' | 'Application';

export type KeyJudgement =
  | { readonly valid: true; readonly key: ApiKeyEntry; readonly owner: PrincipalRow }
  | { readonly valid: false; readonly reason: 'api_key_invalid' }
  | {
      readonly valid: false;
      readonly reason: 'api_key_expired' | 'audience_mismatch';
      readonly key: ApiKeyEntry;
      readonly owner: PrincipalRow;
    };

/** Whether a text is a live API key for an audience: B15, B16, B17. `now` is in milliseconds since 1970. */
export function judgeApiKey(
  snapshot: Snapshot,
  apiKey: string,
  audience: Audience,
  now: number,
  ask: Ask = askOnly,
): KeyJudgement {
  const key = snapshot.apiKey(lookupDigestOf(apiKey));
  const owner = key && snapshot.principal(key.owner);
  if (!ask('B15', owner?.active === true) || !key || !owner) {
    return { valid: false, reason: 'api_key_invalid' };
  }
  const { expires_at } = key;
  if (!ask('B16', expires_at === null || now < expires_at)) {
    return { valid: false, reason: 'api_key_expired', key, owner };
  }
  return ask('B17', key.isFor(audience))
    ? { valid: true, key, owner }
    : { valid: false, reason: 'audience_mismatch', key, owner };
}
