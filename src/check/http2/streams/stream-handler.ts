import type { Stream } from './stream.ts';

/** What is done with the streams of a connection, whose bodies it gets as they come. */
export interface StreamHandler<Call> {
  /** Bytes came, and all that is in them is handled now. */
  begin(): void;
  /** A request has begun. */
  open(stream: Stream<Call>): void;
  /** Bytes of its body, maybe none, which may be reused after the call; with `isLast` the request is complete. */
  data(stream: Stream<Call>, bytes: Buffer, start: number, end: number, isLast: boolean): void;
  /** Nobody waits for the answer any more; also after the last byte of it. */
  gone(stream: Stream<Call>): void;
  /** The connection is to end: streams that would stay open are brought to their end. */
  ending(): void;
}
