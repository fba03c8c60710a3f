import type { Allow } from '../../decision/decision.ts';

export interface KeyUse {
  readonly key_id: string;
  readonly model_id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Keys whose last use is held at once: some 20 MB. Uses are taken every few seconds, so only a flood of different keys meets it. */
const heldKeysMax = 100_000;

type HeldUse = { -readonly [Field in keyof KeyUse]: KeyUse[Field] };

/** The last use of each key since the uses were last taken (B32); written to the store later, never on a check's path. */
export class KeyUses {
  readonly #max: number;
  #uses = new Map<string, HeldUse>();
  #missed = 0;

  constructor(max = heldKeysMax) {
    this.#max = max;
  }

  note({ caller, model }: Allow, at: number): void {
    if (caller) {
      this.#hold(caller.keyId, model.model_id, at);
    }
  }

  /** Takes back what could not be written; newer uses of the same keys stay. */
  putBack(uses: readonly KeyUse[]): void {
    for (const use of uses) {
      if (!this.#uses.has(use.key_id)) {
        this.#hold(use.key_id, use.model_id, use.at);
      }
    }
  }

  /** Answers what was noted, and how many uses found no room, and forgets both. */
  take(): { readonly entries: KeyUse[]; readonly missed: number } {
    const taken = { entries: [...this.#uses.values()], missed: this.#missed };
    this.#uses = new Map();
    this.#missed = 0;
    return taken;
  }

  #hold(keyId: string, modelId: string, at: number): void {
    const held = this.#uses.get(keyId);
    if (held) {
      held.model_id = modelId;
      held.at = at;
    } else if (this.#uses.size < this.#max) {
      this.#uses.set(keyId, { key_id: keyId, model_id: modelId, at });
    } else {
      this.#missed += 1;
    }
  }
}
