/** The least that is held for a body: a prefix that promises much costs little until it keeps its word (T17). */
const leastBytes = 1024;
/** Room that is made for bytes that are still to come, as a multiple of those that are there. */
const roomAhead = 4;
/** The most room that bytes may get in a buffer that is used again: what is held is bounded by what has come (T17). */
const roomMax = 16;
/**
 * Buffers of these sizes are used again. Large ones that are made for each body count as garbage at once, and have the whole
 * heap collected every few dozen bodies.
 */
const largestKept = 8 * 1024 * 1024;
const keptSizes = [128 * 1024, 512 * 1024, 2 * 1024 * 1024, largestKept];
/** What is kept of them, in bytes; of each only what bodies have filled takes memory. */
const keptBytesMax = 64 * 1024 * 1024;
const nothing = Buffer.alloc(0);
const kept = new Map<number, Buffer[]>(keptSizes.map(size => [size, []]));
let keptBytes = 0;

/** The bytes of a body that comes in several pieces, in one buffer that grows with them. */
export class CollectedBytes {
  buffer: Buffer;
  /** Bytes that are there. */
  length = 0;

  constructor(firstBytes: number) {
    this.buffer = take(firstBytes);
  }

  add(bytes: Buffer, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.buffer.length) {
      const grown = take(needed);
      this.buffer.copy(grown, 0, 0, this.length);
      this.release();
      this.buffer = grown;
    }
    bytes.copy(this.buffer, this.length, start, end);
    this.length = needed;
  }

  /** The buffer may be used by others from now on: this body has none any more, however often it is released. */
  release(): void {
    const { buffer } = this;
    this.buffer = nothing;
    const others = kept.get(buffer.length);
    // Who releases what it no longer has gives back nothing, so no buffer comes to two bodies.
    if (others !== undefined && keptBytes + buffer.length <= keptBytesMax) {
      others.push(buffer);
      keptBytes += buffer.length;
    }
  }
}

/** A buffer for so many bytes, and more to come. */
function take(bytes: number): Buffer {
  const wanted = Math.max(bytes, Math.min(roomAhead * bytes, largestKept));
  const size = keptSizes.find(each => each >= wanted && each <= roomMax * bytes);
  const again = size === undefined ? undefined : kept.get(size)?.pop();
  if (again === undefined) {
    return Buffer.allocUnsafeSlow(size ?? Math.max(leastBytes, roomAhead * bytes));
  }
  keptBytes -= again.length;
  return again;
}
