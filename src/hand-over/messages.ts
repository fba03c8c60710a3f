import type { Socket } from 'node:net';

/**
 * What the two say to each other, in this order; the end of the connection means that the other one is gone.
 * - `noted` (old): at SIGTERM this place is yours.
 * - `released` (old): the store is closed, open it.
 * - `loaded` (new): the store is open and the snapshot stands; free the check address.
 * - `freed` (old): listen there.
 * - `listening` (new): new connections come here; send yours.
 */
const words = ['noted', 'released', 'loaded', 'freed', 'listening'] as const;
export type Message = (typeof words)[number];

/** Longest line that is taken, in characters: more than any message. Whoever sends longer ones is none of ours. */
const lineLengthMax = 100;

/** One end of the talk between the server that goes and the one that comes. */
export class Messages {
  readonly #socket: Socket;
  readonly #heard = new Set<Message>();
  readonly #gone: Promise<void>;
  #wake: () => void = () => undefined;
  #isGone = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // A fault of the connection is followed by its end, and must not be the process's: anybody may hang up at any time.
    socket.on('error', () => undefined);
    this.#gone = new Promise(resolve => {
      socket.once('close', () => {
        this.#isGone = true;
        this.#wake();
        resolve();
      });
    });
    let begun = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = `${begun}${text}`.split('\n');
      begun = lines.pop() as string;
      if (begun.length > lineLengthMax) {
        socket.destroy();
      }
      this.#take(lines);
    });
  }

  #take(lines: readonly string[]): void {
    for (const word of words.filter(each => lines.includes(each))) {
      this.#heard.add(word);
    }
    this.#wake();
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

  /** Whether the other one said it, and is still there. */
  holds(message: Message): boolean {
    return this.#heard.has(message) && !this.#isGone;
  }

  /** Settles when the other one has ended the talk, or its process has ended. */
  gone(): Promise<void> {
    return this.#gone;
  }

  end(): void {
    this.#socket.destroy();
  }
}
