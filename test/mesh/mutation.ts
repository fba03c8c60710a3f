import type { Slip } from '../support/manifest.ts';

/** `opens`: calls reach a model that they may not. `opens unanswered`: only where nobody answers the check. */
export type Outcome = 'closed' | 'opens' | 'opens unanswered';

/** Slips together, and what comes of them. */
export interface Mutation {
  readonly what: string;
  readonly outcome: Outcome;
  readonly slips: readonly Slip[];
}

export function mutation(outcome: Outcome, ...slips: readonly Slip[]): Mutation {
  return { what: slips.map(({ what }) => what).join(', '), outcome, slips };
}
