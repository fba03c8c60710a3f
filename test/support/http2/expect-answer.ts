import { expect } from 'chai';
import { answerFor } from './derived-answers.ts';
import { message } from './frame-bytes.ts';
import type { PeerView } from './peer-view.ts';

export const answerHeaders = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
];
export const answerTrailers = [['grpc-status', '0']];

/** A stream holds the whole answer to its request, and nothing else. */
export function expectAnswer(view: PeerView, stream: number, request: Buffer): void {
  const seen = view.streams.get(stream);
  expect(seen?.blocks, `stream ${stream}`).to.deep.equal([answerHeaders, answerTrailers]);
  expect(seen?.ended, `stream ${stream} has ended`).to.equal(true);
  expect(seen?.data.equals(message(answerFor(request))), `stream ${stream} has its own answer`).to.equal(true);
}

/** A stream was refused with a status of gRPC; answers its message. */
export function expectRefusal(view: PeerView, stream: number, status: number): string {
  const seen = view.streams.get(stream);
  const fields = Object.fromEntries(seen?.blocks.flat() ?? []);
  expect([seen?.ended, fields['grpc-status']], `stream ${stream}`).to.deep.equal([true, String(status)]);
  return fields['grpc-message'] ?? '';
}
