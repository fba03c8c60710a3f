import type { ErrorCode } from './frames/frames.ts';
import {
  controlFramesBurst,
  controlFramesPerSecond,
  faultsBurst,
  faultsPerSecond,
  resetsBurst,
  resetsPerSecond,
} from './limits/limits.ts';
import { TokenBucket } from './limits/token-bucket.ts';
import type { Sender } from './streams/sender.ts';
import type { Stream } from './streams/stream.ts';
import type { StreamTable } from './streams/stream-table.ts';

/** What whoever takes frames knows of the connection, and what it does where they are wrong. */
export interface ConnectionState<Call> {
  readonly streams: StreamTable<Call>;
  readonly sender: Sender<Call>;
  readonly rates: PeerRates;
  /** When the bytes at hand were read, in milliseconds of the monotonic clock. */
  readonly now: number;
  /** No stream is taken any more. */
  readonly isEnding: boolean;
  /** Nothing is answered any more. */
  readonly isOver: boolean;
  /** A connection error (RFC 9113, 5.4.1): says why, and ends. */
  fail(code: ErrorCode): false;
  /** A stream error of the peer's (RFC 9113, 5.4.2), on one that is open. Answers whether the connection goes on. */
  fault(stream: Stream<Call>, code: ErrorCode): boolean;
  /** The same on a stream that is not open. */
  faultOn(streamId: number, code: ErrorCode): boolean;
  /** Says on a stream that it ends with this. */
  reset(streamId: number, code: ErrorCode): void;
  /** The stream is over. */
  close(stream: Stream<Call>): void;
}

/** How often a peer may do what costs us and asks nothing (T15, T16). */
export class PeerRates {
  readonly controlFrames: TokenBucket;
  readonly resets: TokenBucket;
  readonly faults: TokenBucket;

  constructor(now: number) {
    this.controlFrames = new TokenBucket(controlFramesPerSecond, controlFramesBurst, now);
    this.resets = new TokenBucket(resetsPerSecond, resetsBurst, now);
    this.faults = new TokenBucket(faultsPerSecond, faultsBurst, now);
  }
}
