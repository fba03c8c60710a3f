import type { Permission, PrincipalRow } from '../changes/change-set.ts';
import { atLeast } from '../changes/permission-ranks.ts';
import type { ApiKeyClaim } from '../credentials/credentials.ts';
import type { ApiKeyEntry, ModelEntry, Snapshot } from '../snapshot/snapshot.ts';
import { chooseApiKey } from './choose-api-key.ts';
import type { Caller, DenialReason } from './decision.ts';
import type { Ask } from './decision-rules.ts';
import { judgeApiKey } from './judge-api-key.ts';
import { effectivePermission } from './permission.ts';

/** Whether a caller may call a model: a refusal names the caller as far as it was known by then. */
export type CallerJudgement =
  | { readonly may: true; readonly caller: Caller & { readonly permission: Permission } }
  | { readonly may: false; readonly reason: DenialReason; readonly caller: Caller | undefined };

/**
 * Judges an API key against a model whose authentication is on, or is looked at as if it were: B14 to
 * B21 and B44, in that order. `now` is in milliseconds since 1970.
 */
export function judgeCaller(
  snapshot: Snapshot,
  model: ModelEntry,
  claim: ApiKeyClaim,
  now: number,
  ask: Ask,
): CallerJudgement {
  const chosen = chooseApiKey(snapshot, claim);
  if (!ask('B6', chosen.kind !== 'ambiguous')) {
    return { may: false, reason: 'api_key_ambiguous', caller: undefined };
  }
  if (!ask('B14', chosen.kind !== 'absent')) {
    return { may: false, reason: 'api_key_missing', caller: undefined };
  }
  if (chosen.kind !== 'one') {
    ask('B15', false);
    return { may: false, reason: 'api_key_invalid', caller: undefined };
  }
  return judgeKeyHolder(snapshot, model, chosen.apiKey, now, ask);
}

/** Whether a judged caller is who it says, whatever it may do: only then does its name go upstream where authentication is off (B7). */
export function isIdentified(judgement: CallerJudgement): boolean {
  return judgement.may || judgement.reason === 'not_authorized' || judgement.reason === 'key_scope';
}

function judgeKeyHolder(snapshot: Snapshot, model: ModelEntry, apiKey: string, now: number, ask: Ask): CallerJudgement {
  const judged = judgeApiKey(snapshot, apiKey, 'API', now, ask);
  if (!('key' in judged)) {
    return { may: false, reason: judged.reason, caller: undefined };
  }
  const { key, owner } = judged;
  const permission = effectivePermission(snapshot, model.project, key.owner);
  if (!judged.valid) {
    return { may: false, reason: judged.reason, caller: callerOf(key, owner, permission) };
  }
  if (!ask('B18', atLeast(permission, 'read')) || permission === undefined) {
    return { may: false, reason: 'not_authorized', caller: callerOf(key, owner, permission) };
  }
  const caller = callerOf(key, owner, permission);
  return ask('B44', key.covers(model.name)) ? { may: true, caller } : { may: false, reason: 'key_scope', caller };
}

function callerOf<P extends Permission | undefined>(
  key: ApiKeyEntry,
  owner: PrincipalRow,
  permission: P,
): Caller & { readonly permission: P } {
  return { principal: owner.principal, principalKind: owner.principal_kind, keyId: key.key_id, permission };
}
