import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { createCheckHandler } from '../../src/check/check-handler.ts';
import {
  authorizationService,
  loadAuthorizationPackage,
  type ReceivedCheck,
} from '../../src/check/wire/authorization-service.ts';
import type { CheckRequest } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import type { Decision } from '../../src/decision/decision.ts';
import type { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { testNow } from '../support/site.ts';
import type { Verdict } from './plain-model.ts';
import { bodyBytesMax } from './random-calls.ts';

const { requestSerialize } = loadAuthorizationPackage().Authorization.service.Check;
const { requestDeserialize, responseSerialize } = authorizationService().Check;

/** The bytes that Envoy would send. */
export function encodeCheck(request: CheckRequest): Buffer {
  return requestSerialize(request);
}

/** What the server's own decoder makes of bytes. */
export function decodeCheck(bytes: Buffer): ReceivedCheck {
  return requestDeserialize(bytes);
}

/** A decision with the bytes of its answer. */
export interface Judged {
  readonly decision: Decision;
  readonly answer: Buffer;
}

/** The whole check path without a socket. Throws where the handler had to catch a fault, or the answer is not the decision. */
export function judge(cell: SnapshotCell, received: ReceivedCheck): Judged {
  const observer = {
    decided: () => undefined,
    failed: (cause: unknown) => {
      throw cause;
    },
  };
  const handle = createCheckHandler({
    cell,
    bodyBytesMax,
    keepCredentials: false,
    now: () => testNow,
    ticks: () => testNow,
    observer,
  });
  const { decision, response } = handle(received);
  const isOk = response.status?.code === 0;
  if (isOk !== (decision.outcome === 'allow')) throw new Error('the answer is not the decision');
  return { decision, answer: responseSerialize(response) };
}

/** Fails unless the verdict is one of those expected. Chai only writes the failure: here it would take most of the time. */
export function expectVerdict(verdict: Verdict, expected: readonly Verdict[]): void {
  if (!expected.some(one => isDeepStrictEqual(one, verdict))) expect([verdict]).to.deep.equal(expected);
}

/** A decision in the words of the plain model. */
export function verdictOf(decision: Decision): Verdict {
  const { outcome, reason, model, caller } = decision;
  const shadowReason = outcome === 'allow' ? decision.shadowReason : undefined;
  return {
    outcome,
    reason,
    ...(model && { model: model.model_id }),
    ...(caller && { keyId: caller.keyId, principal: caller.principal }),
    ...(caller?.permission && { permission: caller.permission }),
    ...(shadowReason && { shadowReason }),
  };
}
