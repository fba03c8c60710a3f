/** Who waits, in lines by name: each name has its turn, and within it who came first. */
export class Turns {
  readonly #lines = new Map<string, (() => void)[]>();

  get isEmpty(): boolean {
    return this.#lines.size === 0;
  }

  /** Resolves when `startNext` has come to this one. */
  wait(name: string): Promise<void> {
    return new Promise(start => {
      const line = this.#lines.get(name);
      if (line) {
        line.push(start);
      } else {
        this.#lines.set(name, [start]);
      }
    });
  }

  /** Starts the first of the next name, and puts the rest of its line behind all others; false: nobody waits. */
  startNext(): boolean {
    for (const [name, line] of this.#lines) {
      const start = line.shift();
      this.#lines.delete(name);
      if (line.length > 0) {
        this.#lines.set(name, line);
      }
      start?.();
      return true;
    }
    return false;
  }
}
