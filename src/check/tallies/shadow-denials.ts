import type { Allow, DenialReason } from '../../decision/decision.ts';

/** Calls that a model in shadow let through, since they were last taken: of one caller where authentication would have refused them. */
export interface ShadowDenialCount {
  readonly model_id: string;
  /** Empty: authentication would have let them through too, and nobody is told apart. */
  readonly reason: DenialReason | '';
  /** Empty where nobody known called. */
  readonly principal: string;
  readonly key_id: string;
  /** Address of the caller where it is not known by a key; empty otherwise. */
  readonly address: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly last_at: number;
}

/** Callers that are told apart between two takes; those beyond count together, so that no flood of addresses fills the memory. */
const callersMax = 10_000;

type HeldCount = { -readonly [Field in keyof ShadowDenialCount]: ShadowDenialCount[Field] };

/** Whom authentication would refuse, where an owner looks before enabling it (B45). Written to the store later, never on a check's path. */
export class ShadowDenials {
  #counts = new Map<string, HeldCount>();

  note({ model, reason, caller, shadowReason }: Allow, callerAddress: string, at: number): void {
    if (reason !== 'authentication_off' || !model.auth_shadow) {
      return;
    }
    const isRefused = shadowReason !== undefined;
    this.#add({
      model_id: model.model_id,
      reason: shadowReason ?? '',
      principal: (isRefused && caller?.principal) || '',
      key_id: (isRefused && caller?.keyId) || '',
      address: isRefused && !caller ? callerAddress : '',
      count: 1,
      last_at: at,
    });
  }

  /** Answers what was counted and forgets it. */
  take(): { readonly entries: ShadowDenialCount[]; readonly missed: number } {
    const entries = [...this.#counts.values()];
    this.#counts = new Map();
    return { entries, missed: 0 };
  }

  /** Takes back what could not be written. */
  putBack(counts: readonly ShadowDenialCount[]): void {
    for (const count of counts) {
      this.#add(count);
    }
  }

  #add(added: ShadowDenialCount): void {
    const id = idOf(added);
    const held = this.#counts.get(id);
    if (held) {
      held.count += added.count;
      held.last_at = Math.max(held.last_at, added.last_at);
    } else if (this.#counts.size < callersMax || (added.key_id === '' && added.address === '')) {
      this.#counts.set(id, { ...added });
    } else {
      this.#add({ ...added, principal: '', key_id: '', address: '' });
    }
  }
}

function idOf({ model_id, reason, key_id, address }: ShadowDenialCount): string {
  return `${model_id}/${reason}/${key_id}/${address}`;
}
