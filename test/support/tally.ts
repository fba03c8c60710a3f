import { runsFactor } from './runs.ts';

/**
 * Counts what the cases of a property reached. A generator that never makes a case of some kind would prove nothing of
 * it, and nobody would see.
 */
export class Tally {
  readonly #counts = new Map<string, number>();

  note(label: string): void {
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  /**
   * Throws with the whole distribution where one of the labels was noted less often than that, in a run of all cases: of
   * a part of them, chance alone leaves a label out now and then. Ask for a fifth of what is usual or less.
   */
  expectEach(labels: readonly string[], atLeast: number): void {
    if (runsFactor() < 1) return;
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
