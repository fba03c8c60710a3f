/**
 * Bytes that are being put together, in one buffer that grows. Who writes asks for room first, then writes into `buffer`
 * from `at` on and moves `at`; after `reserve` the buffer may be another one, so it is read anew.
 */
export class ByteWriter {
  buffer: Buffer;
  /** Number of bytes written so far. */
  at = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for so many bytes from `at` on; what is written stays. */
  reserve(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.buffer.length) {
      return;
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}
