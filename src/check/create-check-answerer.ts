import type { Credentials } from '../credentials/credentials.ts';
import { extractCredentials } from '../credentials/extract-credentials.ts';
import { parametersWithOwnKeys } from '../credentials/parameters-with-own-keys.ts';
import { credentialsToRemove } from '../decision/credentials-to-remove.ts';
import { decide } from '../decision/decide.ts';
import type { Allow, Decision, Deny } from '../decision/decision.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { SnapshotCell } from '../snapshot/snapshot-cell.ts';
import type { ToRemove } from './answer/allow-encoder.ts';
import { denialCause } from './answer/answer-by-cause.ts';
import { AnswerEncoder } from './answer/answer-encoder.ts';
import type { DeniedCall } from './answer/denial-encoder.ts';
import type { CheckAnswerer } from './check-answerer.ts';
import type { CheckCall } from './check-call.ts';
import type { ByteWriter } from './wire/byte-writer.ts';
import { CheckRequestView } from './wire/check-request-view.ts';

/** Told of every answer, after it is made: metrics, the denial ring, key uses. Must not keep the call, which is used again. */
export interface CheckObserver {
  /** `at` is the instant of the decision, in milliseconds since 1970. */
  decided(decision: Decision, call: CheckCall | undefined, at: number): void;
  /** So many answers of one outcome went out, that long after their frames came in. */
  sent(outcome: Decision['outcome'], seconds: number, count: number): void;
  /** A fault of ours: the call is refused all the same. */
  failed(cause: unknown): void;
}

export interface CheckAnswererOptions {
  readonly cell: SnapshotCell;
  readonly bodyBytesMax: number;
  /** Leaves the headers of API keys to the model (B25); what else holds a key of ours goes all the same. */
  readonly keepCredentials: boolean;
  /** What Envoy gets while nothing can be decided: a denial, or an error that leaves it to failure_mode_allow (B22). */
  readonly unreadyAnswer: 'deny' | 'error';
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of the clock that the cell's confirmations are read from. */
  readonly ticks: () => number;
  readonly observer: CheckObserver;
}

const nothing: readonly never[] = [];
const nobody = { requestId: '', isGrpc: false };

/** A check from its bytes to those of its answer. Never waits; should it ever throw, the call is refused and counted. */
export function createCheckAnswerer(options: CheckAnswererOptions): CheckAnswerer {
  const { cell, bodyBytesMax, keepCredentials, unreadyAnswer, now, ticks, observer } = options;
  const view = new CheckRequestView();
  const encoder = new AnswerEncoder();

  let at = now();
  let tick = ticks();

  return {
    begin() {
      at = now();
      tick = ticks();
    },
    answer(bytes, start, end, out) {
      const answerAt = out.at;
      let call: CheckCall | undefined;
      let decision: Decision;
      try {
        call = view.read(bytes, start, end) ? view : undefined;
        decision = call ? answerCall(call, out) : refuse('check_malformed', out);
      } catch (cause) {
        observer.failed(cause);
        out.at = answerAt;
        decision = refuse('check_failed', out);
      }
      observer.decided(decision, call, at);
      if (isUndecided(decision)) {
        out.at = answerAt;
        return 'undecided';
      }
      return decision.outcome;
    },
    sent: (outcome, seconds, count) => observer.sent(outcome === 'allow' ? 'allow' : 'deny', seconds, count),
  };

  function answerCall(call: CheckCall, out: ByteWriter): Decision {
    const published = cell.read();
    const credentials = extractCredentials(call, bodyBytesMax);
    const decision = decide({ credentials, published, now: at, ticks: tick });
    if (decision.outcome === 'deny') {
      encoder.writeDenial(decision, deniedCallOf(decision, call, credentials), out);
    } else {
      encoder.writeAllow(decision, toRemoveOf(decision, call, credentials, published?.snapshot), out);
    }
    return decision;
  }

  function toRemoveOf(allow: Allow, call: CheckCall, credentials: Credentials, snapshot?: Snapshot): ToRemove {
    const { accessKeyInQuery, apiKey } = credentials;
    return {
      credentialHeaders: keepCredentials ? nothing : credentialsToRemove(allow, call, apiKey, snapshot),
      accessKeyInQuery,
      headersWithOwnKeys: call.headersWithOwnKeys,
      parametersWithOwnKeys: parametersWithOwnKeys(call.path, call.query),
    };
  }

  /** Only a call that names no model or no valid key is read once more, for what in its form led to that (B54). */
  function deniedCallOf({ reason }: Deny, call: CheckCall, credentials: Credentials): DeniedCall {
    const cause = denialCause(reason, credentials, call);
    return cause === undefined ? call : { requestId: call.requestId, isGrpc: call.isGrpc, cause };
  }

  /** A denial of what could not be read as a call. */
  function refuse(reason: 'check_malformed' | 'check_failed', out: ByteWriter): Deny {
    const decision: Deny = { outcome: 'deny', reason, revision: 0, model: undefined, caller: undefined };
    encoder.writeDenial(decision, nobody, out);
    return decision;
  }

  function isUndecided({ reason }: Decision): boolean {
    return unreadyAnswer === 'error' && (reason === 'not_ready' || reason === 'stale');
  }
}
