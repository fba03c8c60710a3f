import { preface } from './frames.ts';

/** Reads what a client says first (RFC 9113, 3.4), in however many pieces it comes. */
export class PrefaceReader {
  #bytes = 0;

  /** Where in the chunk begins what follows the preface, its end while the preface is not whole; -1: it is none. */
  read(chunk: Buffer): number {
    let at = 0;
    for (; this.#bytes < preface.length && at < chunk.length; at += 1) {
      if (chunk[at] !== preface[this.#bytes]) {
        return -1;
      }
      this.#bytes += 1;
    }
    return at;
  }
}
