import { setImmediate } from 'node:timers/promises';
import type { Change } from '../changes/change-set.ts';
import type { FlatIndex } from '../snapshot/flat-index.ts';

/** Changes applied before checks have their turn: a millisecond's work or two. */
const changesAtOnce = 250;
/** Changes that count together and are applied in one go, some ten milliseconds' work; more are left to a new index. */
const togetherMax = 2500;

/**
 * Applies a change set to the index that checks read. Where no check reads two of its rows, and none is deleted, whatever a check
 * meets between two turns is as it was before or as it is after, so a large set takes many turns (T33). All others are applied in
 * one go: of a right that moves from one row to another, both ends allow a call that the middle would refuse. Answers false,
 * having done nothing, where that would take too long: a new index, built beside this one, takes them in one step.
 */
export async function applyInTurns(index: FlatIndex, revision: number, changes: readonly Change[]): Promise<boolean> {
  if (changes.length > changesAtOnce && standApart(index, changes)) {
    for (let at = 0; at < changes.length; at += changesAtOnce) {
      const isLast = at + changesAtOnce >= changes.length;
      // The revision counts as reached with its last change, not before.
      index.apply(isLast ? revision : index.revision, changes.slice(at, at + changesAtOnce));
      await setImmediate();
    }
    return true;
  }
  if (changes.length <= togetherMax) {
    index.apply(revision, changes);
    return true;
  }
  return false;
}

/** Whether each check reads at most one of the rows. Memberships and projects count only together. */
function standApart(index: FlatIndex, changes: readonly Change[]): boolean {
  const kind = changes[0]?.kind;
  return changes.every(
    change =>
      change.op === 'put' &&
      change.kind === kind &&
      (kind === 'principal' || kind === 'api_key' || kind === 'model') &&
      !index.takesFromAnother(change),
  );
}
