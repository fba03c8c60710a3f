/** The least that is held for a body: a prefix that promises much costs little until it keeps its word (T17). */
const leastBytes = 1024;
/** Smaller buffers are made as they are needed. */
const keptFromBytes = 8 * 1024;
/**
 * Buffers of these sizes are used again. Large ones that are made for each body count as garbage at once, and have the whole
 * heap collected every few dozen bodies.
 */
const keptSizes = [256 * 1024, 1024 * 1024, 4 * 1024 * 1024];
/** What is kept of them, in bytes; of each only what bodies have filled takes memory. */
const keptBytesMax = 64 * 1024 * 1024;
const kept = new Map<number, Buffer[]>(keptSizes.map(size => [size, []]));
let keptBytes = 0;

/** The bytes of a body that comes in several pieces, in one buffer that grows with them. */
export class CollectedBytes {
  buffer: Buffer;
  /** Bytes that are there. */
  length = 0;

  constructor(firstBytes: number) {
    this.buffer = take(Math.max(leastBytes, 4 * firstBytes));
  }

  add(bytes: Buffer, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.buffer.length) {
      const grown = take(Math.max(needed, 2 * this.buffer.length));
      this.buffer.copy(grown, 0, 0, this.length);
      this.release();
      this.buffer = grown;
    }
    bytes.copy(this.buffer, this.length, start, end);
    this.length = needed;
  }

  /** The buffer may be used by others from now on. */
  release(): void {
    const { buffer } = this;
    const others = kept.get(buffer.length);
    if (others !== undefined && keptBytes + buffer.length <= keptBytesMax) {
      others.push(buffer);
      keptBytes += buffer.length;
    }
  }
}

function take(bytes: number): Buffer {
  const size = (bytes > keptFromBytes ? keptSizes.find(each => bytes <= each) : undefined) ?? bytes;
  const again = kept.get(size)?.pop();
  if (again === undefined) {
    return Buffer.allocUnsafeSlow(size);
  }
  keptBytes -= size;
  return again;
}
