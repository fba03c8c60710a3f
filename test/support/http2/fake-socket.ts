import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/**
 * Stands where a connection has its socket. Takes bytes at once, or holds them back until it is told to go on, and reads
 * them only then, as a kernel would: whoever writes over them in between is found out.
 */
export class FakeSocket extends EventEmitter {
  /** What was taken so far. */
  readonly taken: Buffer[] = [];
  readonly #held: Buffer[] = [];
  #isHeld = false;
  #isPaused = false;
  ended = false;
  destroyed = false;

  get writableLength(): number {
    return this.#held.reduce((sum, { length }) => sum + length, 0);
  }

  get bytesWritten(): number {
    return this.taken.reduce((sum, { length }) => sum + length, 0) + this.writableLength;
  }

  /** Bytes of memory that what is held back keeps from being used. */
  get pinnedBytes(): number {
    return [...new Set(this.#held.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  write(bytes: Buffer): boolean {
    if (this.ended || this.destroyed) throw new Error('written after the end');
    if (this.#isHeld) {
      this.#held.push(bytes);
    } else {
      this.taken.push(Buffer.from(bytes));
    }
    return !this.#isHeld;
  }

  hold(): void {
    this.#isHeld = true;
  }

  /** The reader goes on: takes what waits, in its order. */
  release(): void {
    this.#isHeld = false;
    this.taken.push(...this.#held.splice(0).map(bytes => Buffer.from(bytes)));
    this.emit('drain');
  }

  pause(): this {
    this.#isPaused = true;
    return this;
  }

  resume(): this {
    this.#isPaused = false;
    return this;
  }

  isPaused(): boolean {
    return this.#isPaused;
  }

  end(): this {
    this.ended = true;
    return this;
  }

  destroy(): this {
    this.destroyed = true;
    return this;
  }

  get asSocket(): Socket {
    return this as unknown as Socket;
  }
}
