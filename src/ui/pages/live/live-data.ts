import type { Live } from '../../../admin/schemas/live.ts';

type Sample = Live['samples'][number];
type Values = (number | null)[];
/** Instants in seconds since 1970, and a value of each series for each of them, as uPlot takes them. */
export type Columns = [instants: number[], ...series: Values[]];

/** What is read from each sample, a series each. */
export function aligned(
  samples: readonly Sample[],
  ...series: readonly ((sample: Sample) => number | null)[]
): Columns {
  return [samples.map(({ at }) => Date.parse(at) / 1000), ...series.map(read => samples.map(read))];
}

/** What a plot of so many seconds spans, by the server's clock, in seconds since 1970. */
export function spanOf({ samples }: Live, seconds: number): readonly [begin: number, end: number] {
  const end = Date.parse(samples.at(-1)?.at ?? new Date().toISOString()) / 1000;
  return [end - seconds, end];
}

/** When what is known begins within the span, in seconds since 1970; undefined: before it, or nothing is known at all. */
export function knownSince(live: Live, seconds: number): number | undefined {
  const { samples, interval_seconds } = live;
  const [begin] = spanOf(live, seconds);
  const [first] = samples;
  // A sample tells of the step that it ends.
  const since = first && Date.parse(first.at) / 1000 - interval_seconds;
  return since !== undefined && since > begin + interval_seconds ? since : undefined;
}

export interface Stacked {
  readonly reasons: readonly string[];
  /** The sums up to each reason, the whole first: a band is drawn over the one before. */
  readonly data: Columns;
  /** What one reason came to, a second. */
  readonly told: (series: number, at: number) => number | null;
}

/** Denials by reason on top of each other, the most frequent lowest; beyond so many, the rest is one. */
export function stackedDenials({ samples, interval_seconds }: Live, most: number): Stacked {
  const totals = new Map<string, number>();
  for (const { denials } of samples) {
    for (const [reason, count] of Object.entries(denials)) {
      totals.set(reason, (totals.get(reason) ?? 0) + count);
    }
  }
  const sorted = [...totals].sort(([, one], [, other]) => other - one).map(([reason]) => reason);
  const named = sorted.length > most ? sorted.slice(0, most - 1) : sorted;
  const reasons = sorted.length > most ? [...named, others] : named;
  const rate = ({ denials }: Sample, reason: string) => {
    const counts = Object.entries(denials).filter(([each]) =>
      reason === others ? !named.includes(each) : each === reason,
    );
    return counts.reduce((sum, [, count]) => sum + count, 0) / interval_seconds;
  };
  const rates: number[][] = reasons.map(reason => samples.map(sample => rate(sample, reason)));
  const sums: Values[] = rates.map((_, upTo) =>
    samples.map((__, at) => rates.slice(0, upTo + 1).reduce((sum, each) => sum + (each[at] ?? 0), 0)),
  );
  // The highest band is drawn first, and the lower ones over it.
  return {
    reasons: reasons.toReversed(),
    data: [samples.map(({ at }) => Date.parse(at) / 1000), ...sums.toReversed()],
    told: (series, at) => rates[reasons.length - 1 - series]?.[at] ?? null,
  };
}

const others = 'other reasons';
