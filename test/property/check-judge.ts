import { type Answered, createCheckHandler } from '../../src/check/check-handler.ts';
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

/** The whole check path without a socket. Throws where the handler had to catch a fault, or made no answer that can be sent. */
export function judge(cell: SnapshotCell, received: ReceivedCheck): Answered {
  const observer = {
    decided: () => undefined,
    failed: (cause: unknown) => {
      throw cause;
    },
  };
  const handle = createCheckHandler({ cell, bodyBytesMax, keepCredentials: false, now: () => testNow, observer });
  const answered = handle(received);
  const isOk = answered.response.status?.code === 0;
  if (isOk !== (answered.decision.outcome === 'allow')) throw new Error('the answer is not the decision');
  if (responseSerialize(answered.response).length === 0) throw new Error('the answer is empty');
  return answered;
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
