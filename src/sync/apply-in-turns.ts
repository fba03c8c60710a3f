import { setImmediate } from 'node:timers/promises';
import type { Change } from '../changes/change-set.ts';
import type { FlatIndex } from '../snapshot/flat-index.ts';

/** Changes applied before checks have their turn: a millisecond's work or two. */
const changesAtOnce = 250;
/** Changes of several kinds that are applied in one go, some ten milliseconds' work; more are left to a new index. */
const mixedMax = 2500;

/**
 * Applies a change set to the index that checks read. Of rows of one kind a check reads one, or some that only add up: then
 * whatever it meets between two turns is as it was before or as it is after, and a large set takes many turns (T33). Rows of
 * several kinds count together, so they are applied in one go. Answers false, having done nothing, where that would take too
 * long: a new index, built beside this one, takes them in one step.
 */
export async function applyInTurns(index: FlatIndex, revision: number, changes: readonly Change[]): Promise<boolean> {
  if (changes.length <= changesAtOnce) {
    index.apply(revision, changes);
    return true;
  }
  if (changes.every(({ kind }) => kind === changes[0]?.kind)) {
    for (let at = 0; at < changes.length; at += changesAtOnce) {
      const isLast = at + changesAtOnce >= changes.length;
      // The revision counts as reached with its last change, not before.
      index.apply(isLast ? revision : index.revision, changes.slice(at, at + changesAtOnce));
      await setImmediate();
    }
    return true;
  }
  if (changes.length <= mixedMax) {
    index.apply(revision, changes);
    return true;
  }
  return false;
}
