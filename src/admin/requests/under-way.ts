/** Counts what is under way, in all and for each name; a name that has nothing under way is forgotten. */
export class UnderWay {
  readonly #counts = new Map<string, number>();
  #all = 0;

  get all(): number {
    return this.#all;
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Runs what counts for a name until it has answered or failed, as it does. */
  async run<T>(name: string, call: () => Promise<T>): Promise<T> {
    this.#add(name, 1);
    try {
      return await call();
    } finally {
      this.#add(name, -1);
    }
  }

  #add(name: string, more: 1 | -1): void {
    this.#all += more;
    const count = this.of(name) + more;
    if (count > 0) {
      this.#counts.set(name, count);
    } else {
      this.#counts.delete(name);
    }
  }
}
