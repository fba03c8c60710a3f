/** The least that is held for a body: a prefix that promises much costs little until it keeps its word (T17). */
const leastBytes = 1024;
/** Buffers of these sizes are used again: they are what large bodies are put together in. */
const keptBytes = 256 * 1024;
/** Smaller ones are made as they are needed. */
const keptFromBytes = 8 * 1024;
const keptMax = 32;
const kept: Buffer[] = [];

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
    if (this.buffer.length === keptBytes && kept.length < keptMax) {
      kept.push(this.buffer);
    }
  }
}

function take(bytes: number): Buffer {
  const size = bytes > keptFromBytes && bytes <= keptBytes ? keptBytes : bytes;
  return (size === keptBytes ? kept.pop() : undefined) ?? Buffer.allocUnsafeSlow(size);
}
