import { continuationsMax, headerBlockBytesMax } from '../limits/limits.ts';

/** A header block that comes in several frames (RFC 9113, 4.3 and 6.10), collected within limits (T16). */
export class HeaderBlock {
  streamId = 0;
  endStream = false;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** Whether its last frame is still to come; then nothing else may come before. */
  get isOpen(): boolean {
    return this.streamId !== 0;
  }

  /** False where the block is too large. */
  open(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): boolean {
    this.streamId = streamId;
    this.endStream = endStream;
    return this.add(bytes, start, end);
  }

  /** False where the block is too large, or comes in too many pieces. */
  add(bytes: Buffer, start: number, end: number): boolean {
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    this.#bytes += end - start;
    return this.#bytes <= headerBlockBytesMax && this.#parts.length <= continuationsMax;
  }

  /** Answers the whole block. */
  close(): Buffer {
    const whole = Buffer.concat(this.#parts);
    this.streamId = 0;
    this.#parts = [];
    this.#bytes = 0;
    return whole;
  }
}
