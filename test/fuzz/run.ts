import { isDeepStrictEqual } from 'node:util';
import type { StreamView } from '../support/http2/peer-view.ts';
import type { Dice } from './dice.ts';
import { type FuzzCall, requestIdOf } from './fuzz-calls.ts';
import type { History, Sent } from './history.ts';
import { readAnswer } from './read-answer.ts';

/** More answers than that to a change say the same again. */
const checksPerChange = 300;

/** One check on its way. */
export interface Check extends Sent {
  readonly requestId: string;
}

export interface Counts {
  /** Answers that were held against the model. */
  judged: number;
  allowed: number;
  cancelled: number;
  /** Sent to a server that was going, which said that it did not take them. */
  untaken: number;
  changes: number;
  largeChanges: number;
  handOvers: number;
  connections: number;
}

export function noCounts(): Counts {
  return {
    judged: 0,
    allowed: 0,
    cancelled: 0,
    untaken: 0,
    changes: 0,
    largeChanges: 0,
    handOvers: 0,
    connections: 0,
  };
}

/** Where checks are sent: a port or a socket's path, in plain text or under a certificate of this authority. */
export interface CheckPlace {
  readonly at: number | string;
  readonly ca: string | undefined;
}

/** What all connections of one episode share: the calls, the history of the site, and the first fault, which ends it. */
export class Run {
  readonly place: CheckPlace;
  readonly counts: Counts;
  /** A server is going, so that whoever reads late has the last answers to lose. */
  isReplacing = false;
  readonly #calls: readonly FuzzCall[];
  readonly #history: History;
  readonly #until: number;
  #sent = 0;
  #failure: Error | undefined;

  /** Ends when so many answers are judged in all. */
  constructor(place: CheckPlace, calls: readonly FuzzCall[], history: History, counts: Counts, checks: number) {
    this.place = place;
    this.counts = counts;
    this.#calls = calls;
    this.#history = history;
    this.#until = counts.judged + checks;
  }

  get isOver(): boolean {
    return this.hasFailed || this.counts.judged >= this.#until;
  }

  /** Checks take all of the server's time, so that too few changes come to pass. */
  get isAhead(): boolean {
    return this.counts.judged > this.counts.changes * checksPerChange;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  nextCheck(dice: Dice, padding: number): { readonly bytes: Buffer; readonly of: Check } {
    const call = dice.pick(this.#calls);
    this.#sent += 1;
    const requestId = requestIdOf(this.#sent);
    return { bytes: call.bytes(requestId, padding), of: { ...this.#history.send(call), requestId } };
  }

  /** Holds an answer against every state that may have decided it. */
  judge(check: Check, seen: StreamView, isCancelled: boolean): void {
    try {
      const { verdict, revision, requestId } = readAnswer(seen);
      const isOwn = verdict.outcome === 'allow' ? requestId === undefined : requestId === check.requestId;
      if (!isOwn) this.fail('an answer to another check', String(requestId), check);
      const allowed = this.#history.allowed(check, revision);
      if (!allowed.some(one => isDeepStrictEqual(one, verdict))) {
        const told = `${JSON.stringify(verdict)} at revision ${revision}; allowed: ${JSON.stringify(allowed)}`;
        this.fail('a wrong answer', told, check);
      }
      if (!isCancelled) this.counts.judged += 1;
      if (verdict.outcome === 'allow') this.counts.allowed += 1;
    } catch (fault) {
      this.fail('an answer that is none', String(fault), check);
    }
  }

  /** The first one counts. */
  fail(what: string, details: string, check?: Check): void {
    const about = check ? `\n  ${check.requestId}: ${JSON.stringify(check.call.readings)}` : '';
    this.#failure ??= new Error(`${what}: ${details}${about}`);
  }
}
