import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * What the two say to each other, in this order; the end of the connection means that the other one is gone.
 * - `noted` (old): at SIGTERM this place is yours.
 * - `released` (old): the store is closed, open it.
 * - `loaded` (new): the store is open and the snapshot stands; free the check address.
 * - `freed` (old): listen there.
 * - `listening` (new): new connections come here; send yours.
 */
export type Message = 'noted' | 'released' | 'loaded' | 'freed' | 'listening';

/** One end of the talk between the server that goes and the one that comes. */
export class Messages {
  readonly #socket: Socket;
  readonly #heard = new Set<string>();
  readonly #gone: Promise<void>;
  #wake: () => void = () => undefined;
  #isGone = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // A fault of the connection is followed by its end.
    socket.on('error', () => undefined);
    this.#gone = once(socket, 'close').then(() => {
      this.#isGone = true;
      this.#wake();
    });
    createInterface({ input: socket }).on('line', line => {
      this.#heard.add(line);
      this.#wake();
    });
  }

  say(message: Message): void {
    this.#socket.write(`${message}\n`);
  }

  /** Whether the other one said it before it was gone, and before the limit where there is one. */
  async hear(message: Message, limitMs?: number): Promise<boolean> {
    let isLate = limitMs !== undefined && limitMs <= 0;
    const timer = setTimeout(() => {
      isLate = limitMs !== undefined;
      this.#wake();
    }, limitMs);
    while (!this.#heard.has(message) && !this.#isGone && !isLate) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    clearTimeout(timer);
    return this.#heard.has(message);
  }

  /** Settles when the other one has ended the talk, or its process has ended. */
  gone(): Promise<void> {
    return this.#gone;
  }

  end(): void {
    this.#socket.destroy();
  }
}
