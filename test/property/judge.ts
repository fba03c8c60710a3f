import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import type { CheckAnswerer } from '../../src/check/check-answerer.ts';
import { createCheckAnswerer } from '../../src/check/create-check-answerer.ts';
import { loadAuthorizationPackage } from '../../src/check/wire/authorization-service.ts';
import { ByteWriter } from '../../src/check/wire/byte-writer.ts';
import type {
  CheckRequest,
  CheckRequest__Output,
} from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import type { Decision } from '../../src/decision/decision.ts';
import type { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { testNow } from '../support/site.ts';
import type { Verdict } from './plain-model.ts';
import { bodyBytesMax } from './random-calls.ts';

const { requestSerialize, requestDeserialize, responseDeserialize } =
  loadAuthorizationPackage().Authorization.service.Check;

/** The bytes that Envoy would send. */
export function encodeCheck(request: CheckRequest): Buffer {
  return requestSerialize(request);
}

/** What protobufjs makes of bytes; undefined where it refuses them. */
export function decodeCheck(bytes: Buffer): CheckRequest__Output | undefined {
  try {
    return requestDeserialize(bytes);
  } catch {
    return undefined;
  }
}

/** A decision with the bytes of its answer. */
export interface Judged {
  readonly decision: Decision;
  readonly answer: Buffer;
}

/** What stands around a check in a transport's buffer, and must not be read. */
const around = Buffer.from('\x0a\xff"accessKey":"around"');

/** One answerer for each cell, which answers one check after another as a server's does. */
const judges = new WeakMap<SnapshotCell, { answerer: CheckAnswerer; decided: Decision | undefined }>();

function judgeOf(cell: SnapshotCell) {
  const known = judges.get(cell);
  if (known) return known;
  const observer = {
    decided: (decision: Decision) => {
      made.decided = decision;
    },
    sent: () => undefined,
    failed: (cause: unknown) => {
      throw cause;
    },
  };
  const options = { cell, bodyBytesMax, keepCredentials: false, unreadyAnswer: 'deny', observer } as const;
  const answerer = createCheckAnswerer({ ...options, now: () => testNow, ticks: () => testNow });
  const made: { answerer: CheckAnswerer; decided: Decision | undefined } = { answerer, decided: undefined };
  judges.set(cell, made);
  return made;
}

/** The whole check path without a socket. Throws where the answerer had to catch a fault, or the answer is not the decision. */
export function judge(cell: SnapshotCell, bytes: Buffer): Judged {
  const made = judgeOf(cell);
  const out = new ByteWriter(1);
  const shared = Buffer.concat([around, bytes, around]);
  made.answerer.begin();
  const outcome = made.answerer.answer(shared, around.length, around.length + bytes.length, out);
  const answer = Buffer.from(out.buffer.subarray(0, out.at));
  const isOk = responseDeserialize(answer).status?.code === 0;
  const { decided } = made;
  if (!decided || outcome !== decided.outcome || isOk !== (outcome === 'allow')) {
    throw new Error('the answer is not the decision');
  }
  return { decision: decided, answer };
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
