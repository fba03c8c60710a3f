import type { ModelRow } from '../changes/change-set.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { digestOf } from '../keys/digest.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Published } from '../snapshot/snapshot-cell.ts';
import type { Allow, Decision, DenialReason, Deny } from './decision.ts';
import { isIdentified, judgeCaller } from './judge-caller.ts';

/** One call to be decided: what the request says, what is known, and when. */
export interface Question {
  readonly credentials: Credentials;
  readonly published: Published | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * May this caller call this model? The order is behaviour.md's, part 3: the first rule that matches
 * wins. Synchronous, total, without I/O or clock.
 */
export function decide({ credentials, published, now }: Question): Decision {
  if (!published) {
    return deny('not_ready', 0);
  }
  const { snapshot } = published;
  if (isStale(published, now)) {
    return deny('stale', snapshot.revision);
  }
  const model = findModel(snapshot, credentials);
  if (typeof model === 'string') {
    return deny(model, snapshot.revision);
  }
  return model.auth_enabled
    ? decideProtected(snapshot, model, credentials, now)
    : decideOpen(snapshot, model, credentials, now);
}

function isStale({ snapshot, confirmedAt }: Published, now: number): boolean {
  const limitMs = snapshot.settings().stale_after_seconds * 1000;
  return limitMs > 0 && now - confirmedAt > limitMs;
}

/** The model that the request names, or why none can be told: B9, B10, B8, B11, B12. */
function findModel(snapshot: Snapshot, { accessKey, pin }: Credentials): ModelRow | DenialReason {
  switch (accessKey.kind) {
    case 'ambiguous':
      return 'access_key_ambiguous';
    case 'incomplete':
      return 'body_incomplete';
    case 'not_a_string':
      return 'access_key_missing';
    case 'absent':
      return pin === undefined ? 'access_key_missing' : findPinned(snapshot, pin);
    case 'one': {
      const named = snapshot.modelByAccessKey(digestOf(accessKey.accessKey));
      if (!named || (pin !== undefined && !snapshot.model(pin))) {
        return 'access_key_unknown';
      }
      return pin === undefined || pin === named.model_id ? named : 'model_mismatch';
    }
  }
}

/** A pin names the model without any access key only where authentication is on: else the model would be open (B6a). */
function findPinned(snapshot: Snapshot, pin: string): ModelRow | DenialReason {
  const pinned = snapshot.model(pin);
  if (!pinned) {
    return 'access_key_unknown';
  }
  return pinned.auth_enabled ? pinned : 'access_key_missing';
}

function decideProtected(snapshot: Snapshot, model: ModelRow, credentials: Credentials, now: number): Decision {
  const { revision } = snapshot;
  const judgement = judgeCaller(snapshot, model, credentials.apiKey, now);
  if (!judgement.may) {
    return { outcome: 'deny', reason: judgement.reason, revision, model, caller: judgement.caller };
  }
  const { caller } = judgement;
  if (model.stopped) {
    return { outcome: 'deny', reason: 'model_stopped', revision, model, caller };
  }
  return { outcome: 'allow', reason: 'authorized', revision, model, caller, shadowReason: undefined };
}

/** Authentication is off: anybody may call (B13); a valid key still says who does (B7), and shadow says who could not (B45). */
function decideOpen(snapshot: Snapshot, model: ModelRow, credentials: Credentials, now: number): Allow | Deny {
  const { revision } = snapshot;
  const judgement = judgeCaller(snapshot, model, credentials.apiKey, now);
  const caller = isIdentified(judgement) ? judgement.caller : undefined;
  if (model.stopped) {
    return { outcome: 'deny', reason: 'model_stopped', revision, model, caller };
  }
  const shadowReason = model.auth_shadow && !judgement.may ? judgement.reason : undefined;
  return { outcome: 'allow', reason: 'authentication_off', revision, model, caller, shadowReason };
}

function deny(reason: DenialReason, revision: number): Deny {
  return { outcome: 'deny', reason, revision, model: undefined, caller: undefined };
}
