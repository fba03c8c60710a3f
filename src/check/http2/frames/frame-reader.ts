import { frameHeaderBytes, readUint24 } from './frames.ts';

/** Takes one whole frame: its header begins at `at`, its payload ends at `end`. Answers whether to go on. */
export type TakeFrame = (bytes: Buffer, at: number, end: number) => boolean;

/**
 * Cuts what a socket brings into frames (RFC 9113, 4.1). A frame that is whole is taken where it lies; one that is cut by
 * the end of a chunk is put together first.
 */
export class FrameReader {
  readonly #take: TakeFrame;
  readonly #frameBytesMax: number;
  /** The frame that is not whole yet. */
  #part = Buffer.alloc(0);
  #partBytes = 0;
  #cuts = 0;

  /** `frameBytesMax` bounds a payload in bytes. */
  constructor(frameBytesMax: number, take: TakeFrame) {
    this.#take = take;
    this.#frameBytesMax = frameBytesMax;
  }

  /** Whether a frame has begun and not ended. */
  get isWithinFrame(): boolean {
    return this.#partBytes > 0;
  }

  /** How many frames did not come in one chunk: the one that is not whole has this number. */
  get cuts(): number {
    return this.#cuts;
  }

  /** Answers false where a frame is larger than it may be, or whoever takes them wants no more. */
  read(chunk: Buffer, start: number): boolean {
    let at = start;
    if (this.#partBytes > 0) {
      at = this.#complete(chunk, at);
      if (at === -1) {
        return false;
      }
    }
    while (chunk.length - at >= frameHeaderBytes) {
      const length = readUint24(chunk, at);
      if (length > this.#frameBytesMax) {
        return false;
      }
      const end = at + frameHeaderBytes + length;
      if (end > chunk.length) {
        break;
      }
      if (!this.#take(chunk, at, end)) {
        return false;
      }
      at = end;
    }
    if (this.#partBytes === 0 && at < chunk.length) {
      this.#cuts += 1;
    }
    this.#keep(chunk, at, chunk.length);
    return true;
  }

  /** Goes on with the frame that was cut; answers where the next one begins, or -1. */
  #complete(chunk: Buffer, start: number): number {
    let at = start;
    for (let wanted = this.#partLength(); this.#partBytes < wanted; wanted = this.#partLength()) {
      if (wanted - frameHeaderBytes > this.#frameBytesMax) {
        return -1;
      }
      if (at === chunk.length) {
        return at;
      }
      const count = Math.min(wanted - this.#partBytes, chunk.length - at);
      this.#keep(chunk, at, at + count);
      at += count;
    }
    const [part, end] = [this.#part, this.#partBytes];
    this.#part = Buffer.alloc(0);
    this.#partBytes = 0;
    return this.#take(part, 0, end) ? at : -1;
  }

  /** Of the cut frame as far as it is known: its header first, then all of it. */
  #partLength(): number {
    return this.#partBytes < frameHeaderBytes ? frameHeaderBytes : frameHeaderBytes + readUint24(this.#part, 0);
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const needed = this.#partBytes + end - start;
    if (needed > this.#part.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#part.length));
      this.#part.copy(grown, 0, 0, this.#partBytes);
      this.#part = grown;
    }
    chunk.copy(this.#part, this.#partBytes, start, end);
    this.#partBytes = needed;
  }
}
