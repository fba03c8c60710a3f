/**
 * Counts what the cases of a property reached. A generator that never makes a case of some kind would prove nothing of
 * it, and nobody would see.
 */
export class Tally {
  readonly #counts = new Map<string, number>();

  note(label: string): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  /** Throws with the whole distribution where one of the labels was noted less often than that. */
  expectEach(labels: readonly string[], atLeast: number): void {
    const short = labels.filter(label => (this.#counts.get(label) ?? 0) < atLeast);
    if (short.length > 0) {
      throw new Error(`fewer than ${atLeast} cases of ${short.join(', ')}; the distribution:\n${this.#distribution()}`);
    }
  }

  #distribution(): string {
    const rows = [...this.#counts].sort(([, one], [, other]) => other - one);
    return rows.map(([label, count]) => `${String(count).padStart(9)}  ${label}`).join('\n');
  }
}
