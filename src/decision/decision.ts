import type { Permission } from '../changes/change-set.ts';
import type { CalledModel } from '../snapshot/snapshot.ts';

/** Why a call is refused: one closed set, the same strings on the wire, in logs, metrics and metadata. */
export type DenialReason =
  | 'not_ready'
  | 'stale'
  | 'check_malformed'
  | 'check_failed'
  | 'access_key_ambiguous'
  | 'body_incomplete'
  | 'access_key_missing'
  | 'access_key_unknown'
  | 'model_mismatch'
  | 'api_key_ambiguous'
  | 'api_key_missing'
  | 'api_key_invalid'
  | 'api_key_expired'
  | 'audience_mismatch'
  | 'not_authorized'
  | 'key_scope'
  | 'model_stopped';

/** Why a call is let through: a caller who may, or a model that asks for none (B13). */
export type AllowReason = 'authorized' | 'authentication_off';

/** Who calls, by a valid API key. */
export interface Caller {
  readonly principal: string;
  readonly principalKind: 'user' | 'application';
  readonly keyId: string;
  /** What the caller holds on the model's project; undefined only where authentication is off. */
  readonly permission: Permission | undefined;
}

export interface Allow {
  readonly outcome: 'allow';
  readonly reason: AllowReason;
  readonly revision: number;
  readonly model: CalledModel;
  /** undefined: nobody known, on a model whose authentication is off. */
  readonly caller: Caller | undefined;
  /** What the call would have been refused for, were authentication on (B45). */
  readonly shadowReason: DenialReason | undefined;
}

export interface Deny {
  readonly outcome: 'deny';
  readonly reason: DenialReason;
  /** Revision of the snapshot that decided; 0 before the first one. */
  readonly revision: number;
  /** What was known by then, for metadata and the denial ring; never sent to the client. */
  readonly model: CalledModel | undefined;
  readonly caller: Caller | undefined;
}

export type Decision = Allow | Deny;
