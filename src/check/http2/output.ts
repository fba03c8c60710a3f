import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ByteWriter } from '../wire/byte-writer.ts';

/** Some dozens of answers, and a part of a large one. */
const bufferBytes = 64 * 1024;

/**
 * The bytes that one turn of the event loop writes to one connection. All connections of a server share it, since a turn
 * belongs to one of them and ends with a flush.
 */
export class Output {
  readonly bytes = new ByteWriter(bufferBytes);
  /** Bytes that wait on all connections, for a window, for a socket to take them, or for a request to go on. */
  waitingBytes = 0;

  /** Forgets what was written since the last flush. */
  discard(): void {
    this.bytes.at = 0;
  }

  /** Hands to the socket what was written since the last flush. */
  flush(socket: Socket): void {
    const { bytes } = this;
    if (bytes.at === 0) {
      return;
    }
    const written = bytes.buffer.subarray(0, bytes.at);
    bytes.at = 0;
    if (socket instanceof TLSSocket || socket.writableLength > 0) {
      // TLS takes its time, and so does a peer that is behind: they get bytes of their own, as many as there are.
      socket.write(Buffer.from(written));
      return;
    }
    socket.write(written);
    if (socket.writableLength > 0) {
      // The kernel has not taken all of it, so the buffer is in use until it has.
      bytes.buffer = Buffer.allocUnsafeSlow(bufferBytes);
    }
  }
}
