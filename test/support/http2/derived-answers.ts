import type { CheckAnswerer, CheckOutcome } from '../../../src/check/check-answerer.ts';
import type { ByteWriter } from '../../../src/check/wire/byte-writer.ts';

/** With this request nothing can be decided. */
export const undecidedRequest = Buffer.from('undecided');

/** A request of a number, whose answer has so many bytes (at most 65,535). */
export function requestFor(number: number, answerBytes: number): Buffer {
  const request = Buffer.alloc(8);
  request.writeUInt16BE(answerBytes);
  request.writeUInt32BE(number, 4);
  return request;
}

/**
 * What a request of these bytes is answered, which depends on each of them: an answer that is mixed up with another, or
 * with bytes of another, is seen. The first two bytes say how long it is.
 */
export function answerFor(request: Uint8Array): Buffer {
  const length = request.length < 2 ? 3 : (request[0] as number) * 256 + (request[1] as number);
  const answer = Buffer.allocUnsafe(length);
  let state = 0x811c9dc5;
  for (const byte of request) {
    state = Math.imul(state ^ byte, 0x01000193);
  }
  for (let at = 0; at < length; at += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + at;
    answer[at] = state >>> 24;
  }
  return answer;
}

/** Answers by `answerFor`, and counts. */
export class DerivedAnswers implements CheckAnswerer {
  /** How many answers were worked out, and how many of each outcome were handed to the socket. */
  worked = 0;
  readonly handedOver: Record<CheckOutcome, number> = { allow: 0, deny: 0, undecided: 0 };

  begin(): void {}

  answer(bytes: Buffer, start: number, end: number, out: ByteWriter): CheckOutcome {
    this.worked += 1;
    const request = bytes.subarray(start, end);
    if (request.equals(undecidedRequest)) return 'undecided';
    const answer = answerFor(request);
    out.reserve(answer.length);
    answer.copy(out.buffer, out.at);
    out.at += answer.length;
    return (request.at(-1) ?? 0) % 2 === 0 ? 'allow' : 'deny';
  }

  sent(outcome: CheckOutcome, _seconds: number, count: number): void {
    this.handedOver[outcome] += count;
  }
}
