import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ByteWriter } from '../wire/byte-writer.ts';

/** Some dozens of answers, and a part of a large one. */
const bufferBytes = 64 * 1024;

/** Who writes to one connection, as far as the output knows it. */
export interface Writer {
  flush(): void;
}

/**
 * The bytes that one turn of the event loop writes to one connection. All connections of a server share it, since a turn
 * belongs to one of them; what is left at its end is flushed, or held until the next turn begins.
 */
export class Output {
  readonly #bytes = new ByteWriter(bufferBytes);
  /** Whose bytes wait for its next turn. */
  #holder: Writer | undefined;
  #willRelease = false;
  /** Bytes that wait on all connections, for a window, for a socket to take them, or for a request to go on. */
  waitingBytes = 0;

  /** Where this writer writes; what another one has held goes out first. */
  bytesFor(writer: Writer): ByteWriter {
    if (this.#holder !== undefined && this.#holder !== writer) {
      this.#release();
    }
    return this.#bytes;
  }

  /**
   * Leaves what was written to go out with what the writer writes next, or before another one writes, or when the event loop
   * has read what is here already.
   */
  hold(writer: Writer): void {
    this.#holder = writer;
    if (!this.#willRelease) {
      this.#willRelease = true;
      setImmediate(() => {
        this.#willRelease = false;
        this.#release();
      });
    }
  }

  /** Forgets what the writer wrote since the last flush. */
  discard(writer: Writer): void {
    if (this.#holder === undefined || this.#holder === writer) {
      this.#holder = undefined;
      this.#bytes.at = 0;
    }
  }

  /** Hands to the socket what its writer wrote since the last flush. */
  flush(socket: Socket): void {
    this.#holder = undefined;
    const bytes = this.#bytes;
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

  #release(): void {
    this.#holder?.flush();
  }
}
