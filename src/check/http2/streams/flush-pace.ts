/**
 * Answers in one write. The peer works on them while we go on with the next ones, so half of what is under way is better
 * than all of it; fewer than these are not worth a call of the kernel.
 */
const answersPerFlushMin = 12;
const shareOfTurn = 0.6;
/** Turns whose answers may wait for one write, where each brought as much as a socket is read at once: large bodies. */
const turnsHeldMax = 5;
/** How slowly the largest of the last turns is forgotten, per turn. */
const forgetting = 0.998;

/** When the answers of one connection are written to its socket: one write takes several of them. */
export class FlushPace {
  readonly #flush: () => void;
  #answersSinceFlush = 0;
  #turnsHeld = 0;
  /** What was written waits for the next turn, or until the event loop has read what is here already. */
  #isHeld = false;
  #willRelease = false;
  #answersInTurn = 0;
  /** Answers of the largest of the last turns. */
  #largestTurn = 0;
  #answersPerFlush = answersPerFlushMin;

  /** `flush` writes all that waits, and calls `restart`. */
  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** Everything that waited is written, or thrown away. */
  restart(): void {
    this.#answersSinceFlush = 0;
    this.#turnsHeld = 0;
    this.#isHeld = false;
  }

  /** An answer was added to what waits. Flushes when there are as many as one write takes. */
  noteAnswer(): void {
    this.#answersInTurn += 1;
    this.#answersSinceFlush += 1;
    if (this.#answersSinceFlush >= this.#answersPerFlush) {
      this.#flush();
    }
  }

  /**
   * A turn is over: flushes what is left of it. Where the next one is about to begin, a few answers are not worth a call of
   * the kernel, and waking the peer is the dearest part of it.
   */
  endTurn(hasMore: boolean): void {
    if (hasMore && this.#turnsHeld < turnsHeldMax) {
      this.#turnsHeld += 1;
      this.#hold();
      return;
    }
    this.#flush();
    this.#largestTurn = Math.max(this.#answersInTurn, this.#largestTurn * forgetting);
    this.#answersPerFlush = Math.max(answersPerFlushMin, Math.ceil(this.#largestTurn * shareOfTurn));
    this.#answersInTurn = 0;
  }

  #hold(): void {
    this.#isHeld = true;
    if (!this.#willRelease) {
      this.#willRelease = true;
      setImmediate(() => {
        this.#willRelease = false;
        if (this.#isHeld) {
          this.#flush();
        }
      });
    }
  }
}
