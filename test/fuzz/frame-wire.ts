import { none } from '../support/http2/frame-bytes.ts';
import type { FrameClient } from '../support/http2/frame-client.ts';

/** What a connection sends, in order: of some bytes the end may be held back, and goes before anything else does. */
export class FrameWire {
  readonly #client: FrameClient;
  #held: Buffer = none;

  constructor(client: FrameClient) {
    this.#client = client;
  }

  get heldBytes(): number {
    return this.#held.length;
  }

  hold(bytes: Buffer): void {
    this.flush();
    this.#held = bytes;
  }

  flush(): void {
    if (this.#held.length > 0) this.send();
  }

  send(...parts: readonly Buffer[]): void {
    this.#client.send(this.#held, ...parts);
    this.#held = none;
  }

  ask(...values: readonly (readonly [id: number, value: number])[]): void {
    this.flush();
    this.#client.ask(...values);
  }

  widen(stream: number, increment: number): void {
    this.flush();
    this.#client.widen(stream, increment);
  }
}
