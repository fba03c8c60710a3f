import type { Allow } from '../decision/decision.ts';

export interface KeyUse {
  readonly key_id: string;
  readonly model_id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The last use of each key since the uses were last taken (B32); written to the store later, never on a check's path. */
export class KeyUses {
  #uses = new Map<string, KeyUse>();

  note({ caller, model }: Allow, at: number): void {
    if (caller) {
      this.#uses.set(caller.keyId, { key_id: caller.keyId, model_id: model.model_id, at });
    }
  }

  /** Takes back what could not be written; newer uses of the same keys stay. */
  putBack(uses: readonly KeyUse[]): void {
    for (const use of uses) {
      if (!this.#uses.has(use.key_id)) {
        this.#uses.set(use.key_id, use);
      }
    }
  }

  /** Answers what was noted and forgets it. */
  take(): KeyUse[] {
    const uses = [...this.#uses.values()];
    this.#uses = new Map();
    return uses;
  }
}
