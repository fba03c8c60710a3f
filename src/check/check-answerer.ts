import type { ByteWriter } from './wire/byte-writer.ts';

/** What became of a check, as far as whoever carries the answer must know. */
export type CheckOutcome = 'allow' | 'deny' | 'undecided';

/** Answers checks in their wire form, whichever transport carries them. Synchronous and total: never waits, never throws. */
export interface CheckAnswerer {
  /** A turn begins: the answers that follow without waiting are decided by the time that is read now. */
  begin(): void;
  /**
   * Decides the CheckRequest that lies in `bytes` from `start` to `end`, which may be reused after the call, and appends
   * the CheckResponse to `out`. With `undecided` nothing is appended: the call ends with gRPC's UNAVAILABLE, for an
   * operator who wants an error rather than a denial while nothing can be decided (B22).
   */
  answer(bytes: Buffer, start: number, end: number, out: ByteWriter): CheckOutcome;
  /**
   * So many answers of one outcome were handed to the socket, `seconds` after the first byte of their frames was read
   * (design decision 10).
   */
  sent(outcome: CheckOutcome, seconds: number, count: number): void;
}
