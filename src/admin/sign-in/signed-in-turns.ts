import { digestOf } from '../../keys/digest.ts';
import { RankedTurns } from '../../store/ranked-turns.ts';

/** Enough to keep the store's one connection at work; whoever comes next waits for no more than these. */
const atOnce = 4;
/** Credentials that were good and are remembered, by their digests; beyond, the one that was used longest ago is forgotten. */
const knownMax = 10_000;

/**
 * Looks up who asks, a few at a time and each credential in its turn: a thousand requests by one of them put no thousand
 * reads before the revocation that comes by another. Those that were good before go first: anybody can make up a thousand
 * that are none (T55).
 */
export class SignedInTurns {
  readonly #known = new Set<string>();
  readonly #waiting = new RankedTurns();
  #running = 0;

  /** `text` is the credential as `credentialOf` reads it. */
  async run<T>(text: string, look: () => Promise<T>): Promise<T> {
    const credential = digestOf(text);
    await this.#take(this.#known.has(credential), credential);
    try {
      const found = await this.#through(look);
      this.#remember(credential);
      return found;
    } catch (refusal) {
      this.#known.delete(credential);
      throw refusal;
    }
  }

  /** The same for who is not signed in, and asks by a credential that is read elsewhere: each address in its turn. */
  async ofStranger<T>(address: string, look: () => Promise<T>): Promise<T> {
    await this.#take(false, address);
    return this.#through(look);
  }

  async #take(isKnown: boolean, name: string): Promise<void> {
    if (this.#running >= atOnce) {
      // Whoever is started takes a place over.
      await this.#waiting.wait(isKnown, name);
    } else {
      this.#running += 1;
    }
  }

  async #through<T>(look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } finally {
      if (!this.#waiting.startNext()) {
        this.#running -= 1;
      }
    }
  }

  #remember(credential: string): void {
    this.#known.delete(credential);
    this.#known.add(credential);
    if (this.#known.size > knownMax) {
      const [oldest] = this.#known;
      this.#known.delete(oldest as string);
    }
  }
}
