import type { Credentials } from '../credentials/credentials.ts';
import { lookupDigestOf } from '../keys/digest.ts';
import type { ModelEntry, Snapshot } from '../snapshot/snapshot.ts';
import type { Published } from '../snapshot/snapshot-cell.ts';
import type { Allow, Decision, DenialReason, Deny } from './decision.ts';
import { type Ask, ask as askOnly } from './decision-rules.ts';
import { isIdentified, judgeCaller } from './judge-caller.ts';
import { isStale } from './staleness.ts';

/** One call to be decided: what the request says, what is known, and when. */
export interface Question {
  readonly credentials: Credentials;
  readonly published: Published | undefined;
  /** Milliseconds since 1970, for expiry. */
  readonly now: number;
  /** Milliseconds of the clock that `confirmedAt` was read from, for staleness: setting the time changes neither. */
  readonly ticks: number;
}

/**
 * May this caller call this model? The order is behaviour.md's, part 3: the first rule that is not met
 * refuses. Synchronous, total, without I/O or clock. `ask` is told of each rule on the way, for who explains a decision.
 */
export function decide({ credentials, published, now, ticks }: Question, ask: Ask = askOnly): Decision {
  if (!published) {
    ask('B22', false);
    return deny('not_ready', 0);
  }
  const { snapshot } = published;
  if (!ask('B22', !isStale(published, ticks))) {
    return deny('stale', snapshot.revision);
  }
  const model = findModel(snapshot, credentials, ask);
  if (typeof model === 'string') {
    return deny(model, snapshot.revision);
  }
  return model.row.auth_enabled
    ? decideProtected(snapshot, model, credentials, now, ask)
    : decideOpen(snapshot, model, credentials, now, ask);
}

/** The model that the request names, or why none can be told. */
function findModel(snapshot: Snapshot, { accessKey: claim, pin }: Credentials, ask: Ask): ModelEntry | DenialReason {
  if (!ask('B9', claim.kind !== 'ambiguous')) {
    return 'access_key_ambiguous';
  }
  // A pin that names the model by itself needs no more of the body than came; what was seen may still contradict it (B6a).
  const accessKey = claim.kind === 'incomplete' && isProtected(snapshot, pin) ? claim.seen : claim;
  if (!ask('B10', accessKey.kind !== 'incomplete')) {
    return 'body_incomplete';
  }
  if (accessKey.kind !== 'one') {
    const pinAlone = accessKey.kind === 'absent' ? pin : undefined;
    return pinAlone === undefined ? refuseNameless(ask) : findPinned(snapshot, pinAlone, ask);
  }
  ask('B8', true);
  const named = snapshot.modelByAccessKey(lookupDigestOf(accessKey.accessKey));
  const pinIsKnown = pin === undefined || snapshot.model(pin) !== undefined;
  if (!ask('B11', named !== undefined && pinIsKnown) || !named) {
    return 'access_key_unknown';
  }
  return ask('B12', pin === undefined || pin === named.row.model_id) ? named : 'model_mismatch';
}

function isProtected(snapshot: Snapshot, pin: string | undefined): boolean {
  return pin !== undefined && snapshot.model(pin)?.row.auth_enabled === true;
}

/** A pin names the model without any access key only where authentication is on: else the model would be open (B6a). */
function findPinned(snapshot: Snapshot, pin: string, ask: Ask): ModelEntry | DenialReason {
  const pinned = snapshot.model(pin);
  if (pinned && !pinned.row.auth_enabled) {
    return refuseNameless(ask);
  }
  ask('B8', true);
  return ask('B11', pinned !== undefined) && pinned ? pinned : 'access_key_unknown';
}

function refuseNameless(ask: Ask): DenialReason {
  ask('B8', false);
  return 'access_key_missing';
}

function decideProtected(
  snapshot: Snapshot,
  entry: ModelEntry,
  credentials: Credentials,
  now: number,
  ask: Ask,
): Decision {
  const { revision } = snapshot;
  const model = entry.row;
  const judgement = judgeCaller(snapshot, entry, credentials.apiKey, now, ask);
  if (!judgement.may) {
    return { outcome: 'deny', reason: judgement.reason, revision, model, caller: judgement.caller };
  }
  const { caller } = judgement;
  if (!ask('B23', !model.stopped)) {
    return { outcome: 'deny', reason: 'model_stopped', revision, model, caller };
  }
  return { outcome: 'allow', reason: 'authorized', revision, model, caller, shadowReason: undefined };
}

/** Authentication is off: anybody may call (B13); a valid key still says who does (B7), and shadow says who could not (B45). */
function decideOpen(
  snapshot: Snapshot,
  entry: ModelEntry,
  credentials: Credentials,
  now: number,
  ask: Ask,
): Allow | Deny {
  const { revision } = snapshot;
  const model = entry.row;
  ask('B13', true);
  const judgement = judgeCaller(snapshot, entry, credentials.apiKey, now, ask);
  const caller = isIdentified(judgement) ? judgement.caller : undefined;
  if (!ask('B23', !model.stopped)) {
    return { outcome: 'deny', reason: 'model_stopped', revision, model, caller };
  }
  const shadowReason = model.auth_shadow && !judgement.may ? judgement.reason : undefined;
  return { outcome: 'allow', reason: 'authentication_off', revision, model, caller, shadowReason };
}

function deny(reason: DenialReason, revision: number): Deny {
  return { outcome: 'deny', reason, revision, model: undefined, caller: undefined };
}
