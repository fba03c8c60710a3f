import type { FastifyRequest } from 'fastify';
import { digestOf } from '../../keys/digest.ts';
import { Turns } from '../../store/turns.ts';
import { sessionSecretOf } from './sessions.ts';

/** Enough to keep the store's one connection at work; whoever comes next waits for no more than these. */
const atOnce = 4;

/**
 * Looks up who asks, a few at a time and each credential in its turn: a thousand requests by one of them put no thousand
 * reads before the revocation that comes by another (T55).
 */
export class SignedInTurns {
  readonly #waiting = new Turns();
  #running = 0;

  async run<T>(request: FastifyRequest, look: () => Promise<T>): Promise<T> {
    if (this.#running >= atOnce) {
      const credential = request.headers.authorization ?? sessionSecretOf(request) ?? '';
      // Whoever is started takes a place over.
      await this.#waiting.wait(digestOf(credential));
    } else {
      this.#running += 1;
    }
    try {
      return await look();
    } finally {
      if (!this.#waiting.startNext()) {
        this.#running -= 1;
      }
    }
  }
}
