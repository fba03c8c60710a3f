import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ByteWriter } from '../wire/byte-writer.ts';
import type { BufferOwner, OutputPool } from './output-pool.ts';

const nothing = Buffer.alloc(0);

/**
 * The bytes that one connection is about to write to its socket: nobody else can reach them. They lie in a buffer of the pool, which
 * this output has from its first byte until they are handed to the socket; an idle connection has none.
 */
export class Output implements BufferOwner {
  readonly pool: OutputPool;
  readonly #socket: Socket;
  readonly #writer = new ByteWriter(0);
  /** The pool's buffer that this output owns; the writer's may be a larger one, made for a large answer. */
  #own: Buffer | undefined;

  constructor(socket: Socket, pool: OutputPool) {
    this.#socket = socket;
    this.pool = pool;
  }

  /** Where frames are written. After a flush the buffer is another one, so it is asked for anew. */
  get bytes(): ByteWriter {
    if (this.#own === undefined) {
      this.#own = this.pool.take(this);
      this.#writer.buffer = this.#own;
    }
    return this.#writer;
  }

  /** Bytes that were written since the last flush. */
  get length(): number {
    return this.#writer.at;
  }

  /** Forgets what was written since the last flush. */
  discard(): void {
    const own = this.#detach();
    if (own !== undefined) {
      this.pool.giveBack(this, own);
    }
  }

  /** Hands to the socket what was written since the last flush. */
  flush(): void {
    const { buffer, at } = this.#writer;
    const own = this.#detach();
    if (own === undefined) {
      return;
    }
    const socket = this.#socket;
    if (at === 0 || socket.destroyed) {
      this.pool.giveBack(this, own);
      return;
    }
    if (!this.pool.isOwn(this, own)) {
      return;
    }
    const written = buffer.subarray(0, at);
    if (socket instanceof TLSSocket || socket.writableLength > 0) {
      // TLS takes its time, and so does a peer that is behind: they get bytes of their own, as many as there are.
      socket.write(Buffer.from(written));
      this.pool.giveBack(this, own);
      return;
    }
    socket.write(written);
    if (socket.writableLength > 0 && buffer === own) {
      // The kernel has not taken all of it, so the buffer is in use until it has.
      this.pool.leave(this, own);
    } else {
      this.pool.giveBack(this, own);
    }
  }

  /** Nothing more is said here. */
  sever(): void {
    this.#detach();
    this.#socket.destroy();
  }

  #detach(): Buffer | undefined {
    const own = this.#own;
    this.#own = undefined;
    this.#writer.buffer = nothing;
    this.#writer.at = 0;
    return own;
  }
}
