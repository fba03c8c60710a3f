import type { Slip } from '../support/manifest.ts';

/** `opens`: calls reach a model that they may not. `opens unanswered`: only where nobody answers the check. */
export type Outcome = 'closed' | 'opens' | 'opens unanswered';

/** Slips together, and what comes of them. */
export interface Mutation {
  readonly what: string;
  readonly outcome: Outcome;
  readonly slips: readonly Slip[];
  /** Why no manifest shows it; the dump does. */
  readonly hidden?: string;
}

/** A mutation that opens a way, and that is seen in the cluster alone. */
export function hidden(why: string, it: Mutation): Mutation {
  return { ...it, hidden: why };
}

export function mutation(outcome: Outcome, ...slips: readonly Slip[]): Mutation {
  return { what: slips.map(({ what }) => what).join(', '), outcome, slips };
}
