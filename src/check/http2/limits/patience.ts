import type { Socket } from 'node:net';
import type { FrameReader } from '../frames/frame-reader.ts';
import type { HeaderBlock } from '../frames/header-block.ts';
import { partialMsMax, streamMsMax } from './limits.ts';

/** How long a peer has kept us waiting, with the rest of a frame or with taking what we wrote (T18). Times are in milliseconds. */
export class Patience {
  /** Since when a frame, a header block or the preface is not whole; 0: it is. */
  #partialSince: number;
  /** What that is: the number of the cut frame, or less than 0 the stream whose header block is open; 0: the preface. */
  #partial = 0;
  /** Bytes that were written, of which some were not taken by then; and when that was. 0: all were taken. */
  #untakenUpTo = 0;
  #untakenSince = 0;

  constructor(now: number) {
    this.#partialSince = now;
  }

  /** The time runs anew with each frame: a peer that sends without a pause is always within one. */
  notePartial({ isWithinFrame, cuts }: FrameReader, block: HeaderBlock, hasGreeted: boolean, now: number): void {
    if (!isWithinFrame && !block.isOpen && hasGreeted) {
      this.#partialSince = 0;
      return;
    }
    const partial = hasGreeted ? (block.isOpen ? -block.streamId : cuts) : 0;
    if (this.#partialSince === 0 || partial !== this.#partial) {
      this.#partialSince = now;
      this.#partial = partial;
    }
  }

  /** Whether the rest of what the peer has begun takes too long. */
  isPartialLate(now: number): boolean {
    return this.#partialSince > 0 && now - this.#partialSince > partialMsMax;
  }

  /** Whether the peer has not taken for too long what was written, after an error too. */
  isStalled({ writableLength, bytesWritten }: Socket, now: number): boolean {
    if (writableLength === 0) {
      this.#untakenUpTo = 0;
      return false;
    }
    if (bytesWritten - writableLength >= this.#untakenUpTo) {
      this.#untakenUpTo = bytesWritten;
      this.#untakenSince = now;
    }
    return now - this.#untakenSince > streamMsMax;
  }
}
