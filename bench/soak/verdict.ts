import type { Sample } from './sample.ts';

/** How a figure of the last half of a run stands to that of its second quarter. */
export interface Verdict {
  readonly figure: keyof Sample;
  /** Medians of the second quarter and of the last half. */
  readonly early: number;
  readonly late: number;
  readonly isFlat: boolean;
}

/** By this part a figure may differ without having grown; what leaks grows by more within an hour. */
const growthMax = 0.03;
/** And by so much, so that a small figure is not judged by its noise. */
const slack: Readonly<Record<keyof Sample, number>> = { resident: 2, heap: 2, external: 1, descriptors: 2 };

/**
 * Compares the last half of a run with its second quarter: what is compiled, cached or pooled has come to its size in the
 * first one. Medians, since a heap goes up and down with its collections.
 */
export function judgeSoak(samples: readonly Sample[]): readonly Verdict[] {
  const [quarter, half] = [Math.floor(samples.length / 4), Math.floor(samples.length / 2)];
  return (Object.keys(slack) as (keyof Sample)[]).map(figure => {
    const of = (some: readonly Sample[]) => median(some.map(sample => sample[figure]));
    const [early, late] = [of(samples.slice(quarter, half)), of(samples.slice(half))];
    return { figure, early, late, isFlat: late - early <= early * growthMax + slack[figure] };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, two) => one - two);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
