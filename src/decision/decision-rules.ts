/**
 * What each rule asks of a call before it is let through, in the words of the contract (behaviour.md,
 * part 3, where each id is a row): the decision asks them in its own order, and the first that is not met refuses.
 */
export const rules = {
  B22: 'Is a snapshot of the store here, and recent enough to answer from?',
  B9: 'Do all places that name a model name the same one?',
  B10: 'Did as much of the body arrive as is needed to know the model?',
  B8: 'Is a model named, by an access key or by a pin where authentication is on?',
  B11: 'Does the access key belong to a model, and is the pinned model there?',
  B12: 'Is the model of the access key the one that the route pins?',
  B13: 'Is authentication off? Then nobody is refused for who they are, and the next answers only tell who calls and whom shadow would refuse.',
  B6: 'Do the headers of API keys that hold a key of ours all hold the same one (B53)?',
  B14: 'Is an API key there?',
  B15: 'Is it a known API key of an active user or application?',
  B16: 'Is it not expired?',
  B17: 'Is it made for the audience?',
  B18: "Does the key's owner hold read or more on the model's project (B19 to B21)?",
  B44: 'Is the model among those that the key is narrowed to, if it is narrowed?',
  B23: 'Is the model running?',
} as const;

export type RuleId = keyof typeof rules;

/** Told of each rule as it is asked, and whether it was met; answers that same. The check path asks, and keeps no record. */
export type Ask = (rule: RuleId, met: boolean) => boolean;

/** Asks a rule without keeping a record. */
export const ask: Ask = (_rule, met) => met;
