import type { RequestHead } from '../request/request-head.ts';
import type { CollectedBytes } from './collected-bytes.ts';

/** What is still to be sent on a stream, in this order. */
export interface Unsent {
  /** Encoded fields of the answer's beginning; `grpc` stands for gRPC's; undefined once they are sent. */
  head: 'grpc' | Buffer | undefined;
  data: Buffer;
  /** How much of the data is sent. */
  at: number;
  /** What follows the data: `grpc-status: 0`, nothing but the end, or more data some time later. */
  ending: 'status_ok' | 'end' | 'open';
  /** Data that came while the other was not sent yet. */
  more?: Buffer[];
}

/** One call on a connection (RFC 9113, 5). What the protocol has to know of it; what it is about, only `call` knows. */
export class Stream<Call> {
  id = 0;
  head: RequestHead;
  call: Call | undefined = undefined;
  /** What came of the body so far, where it did not come in one piece; kept by whoever takes the bodies. */
  collected: CollectedBytes | undefined = undefined;
  /** When its first frame was read, in milliseconds of the monotonic clock. */
  openedAt = 0;
  /** Nothing more comes from the peer: half-closed (remote). */
  requestEnded = false;
  /** Bytes of its DATA frames, without padding. */
  received = 0;
  /** Bytes of its window that are used up and not given back yet. */
  used = 0;
  /** What the peer lets us send on it, beyond the initial window of all streams: a change of that moves all of them (RFC 9113, 6.9.2). */
  windowBeyondInitial = 0;
  unsent: Unsent | undefined = undefined;
  /** The head of an answer is sent or about to be. */
  isBegun = false;

  constructor(head: RequestHead) {
    this.head = head;
  }

  /** Makes the object stand for another call. */
  reopen(id: number, head: RequestHead, now: number): void {
    this.id = id;
    this.head = head;
    this.call = undefined;
    this.collected = undefined;
    this.openedAt = now;
    this.requestEnded = false;
    this.received = 0;
    this.used = 0;
    this.windowBeyondInitial = 0;
    this.unsent = undefined;
    this.isBegun = false;
  }
}
