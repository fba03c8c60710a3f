import type { Author, WriteKind } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { UnderWay } from './under-way.ts';

/**
 * Writes of one author that may be under way, of each kind: as many as a tool sends side by side with any use, and few
 * enough that a thousand connections of one user put no more before the store (T55).
 */
export const writesUnderWayMax = 16;

const faults: Record<WriteKind, string> = {
  ordinary: `${writesUnderWayMax} changes of yours are under way: send the next when one of them is answered; a site admin makes many in one by \`modelgate apply\``,
  revocation: `${writesUnderWayMax} revocations of yours are under way: send the next when one of them is answered`,
};

/** Counts the writes of each author that wait or run. Revocations count by themselves, so that other writes never refuse them. */
export class WritesUnderWay {
  readonly #underWay = { ordinary: new UnderWay(), revocation: new UnderWay() };

  /** Runs a write of the author. Rejects with 429, having begun nothing, where too many are under way. */
  async run<T>({ actor, turn = actor }: Author, kind: WriteKind, write: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay[kind];
    if (underWay.of(turn) >= writesUnderWayMax) {
      throw new ApiError('throttled', faults[kind]);
    }
    return underWay.run(turn, write);
  }
}
