import { extractCredentials } from '../credentials/extract-credentials.ts';
import { credentialsToRemove } from '../decision/credentials-to-remove.ts';
import { decide } from '../decision/decide.ts';
import type { Decision, Deny } from '../decision/decision.ts';
import type { SnapshotCell } from '../snapshot/snapshot-cell.ts';
import { allowResponse } from './answer/allow-response.ts';
import { deniedResponse } from './answer/denied-response.ts';
import { type CheckCall, readCheckCall } from './check-call.ts';
import type { ReceivedCheck } from './wire/authorization-service.ts';
import type { CheckResponse } from './wire/generated/envoy/service/auth/v3/CheckResponse.ts';

/** Told of every answer, after it is made: metrics, the denial ring, key uses. */
export interface CheckObserver {
  decided(decision: Decision, call: CheckCall | undefined, seconds: number): void;
  /** A fault of ours: the call is refused all the same. */
  failed(cause: unknown): void;
}

export interface CheckHandlerOptions {
  readonly cell: SnapshotCell;
  readonly bodyBytesMax: number;
  readonly keepCredentials: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of the clock that the cell's confirmations are read from. */
  readonly ticks: () => number;
  readonly observer: CheckObserver;
}

/** The decision with the answer that it gets, for the transport to carry. */
export interface Answered {
  readonly decision: Decision;
  readonly response: CheckResponse;
}

/** A check from its wire form to its answer. Never waits; should it ever throw, the call is refused and counted. */
export function createCheckHandler(options: CheckHandlerOptions): (received: ReceivedCheck) => Answered {
  const { cell, bodyBytesMax, keepCredentials, now, ticks, observer } = options;
  return ({ request, receivedAt }) => {
    let call: CheckCall | undefined;
    let answered: Answered;
    try {
      call = request && readCheckCall(request);
      answered = call ? answer(call) : refuse('check_malformed');
    } catch (cause) {
      observer.failed(cause);
      answered = refuse('check_failed');
    }
    observer.decided(answered.decision, call, (performance.now() - receivedAt) / 1000);
    return answered;
  };

  function answer(call: CheckCall): Answered {
    const published = cell.read();
    const credentials = extractCredentials(call, bodyBytesMax);
    const decision = decide({ credentials, published, now: now(), ticks: ticks() });
    if (decision.outcome === 'deny') {
      return { decision, response: deniedResponse(decision, call) };
    }
    const credentialHeaders = keepCredentials ? [] : credentialsToRemove(decision, call, published?.snapshot);
    const { accessKeyInQuery } = credentials;
    return { decision, response: allowResponse(decision, { credentialHeaders, accessKeyInQuery }) };
  }
}

/** A denial of what could not be read as a call. */
function refuse(reason: 'check_malformed' | 'check_failed'): Answered {
  const decision: Deny = { outcome: 'deny', reason, revision: 0, model: undefined, caller: undefined };
  return { decision, response: deniedResponse(decision, { requestId: '', isGrpc: false }) };
}
