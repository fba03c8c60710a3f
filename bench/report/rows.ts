import type { Measured } from '../compare.ts';
import type { Figures } from '../load/measure.ts';
import type { Plan } from '../plan.ts';

/** A line of `--json`: medians over the rounds, times in microseconds. */
export interface Row {
  readonly server: string;
  readonly set: string;
  /** The requests, and what went on besides. */
  readonly workload: string;
  /** Calls under way on each connection; 0: as many as the rate needs. */
  readonly streams: number;
  /** Only where there are several. */
  readonly connections?: number;
  /** Calls per second that were wanted; 0: as many as were answered. */
  readonly rate: number;
  readonly rps: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  readonly cpu_us: number;
  /** Resident memory at its highest. */
  readonly rss_mib: number;
  /** Wrong replies of all rounds. */
  readonly mismatches: number;
}

export function toRow({ plan, server, rounds }: Measured): Row {
  const { set, streams, connections, rate } = plan;
  return {
    server: server.name,
    set,
    workload: workloadOf(plan),
    streams,
    ...(connections > 1 ? { connections } : {}),
    rate,
    rps: round(medianOf(rounds, 'rps')),
    p50_us: round(medianOf(rounds, 'p50_us')),
    p99_us: round(medianOf(rounds, 'p99_us')),
    p999_us: round(medianOf(rounds, 'p999_us')),
    cpu_us: round(medianOf(rounds, 'cpu_us')),
    rss_mib: round(medianOf(rounds, 'peak_mib')),
    mismatches: rounds.reduce((sum, { mismatches }) => sum + mismatches, 0),
  };
}

/** The requests and what went on besides, as rows tell it. */
function workloadOf({ workload, changes, behindEnvoy }: Plan): string {
  return [workload, ...(changes ? [`${changes.form}-changes`] : []), ...(behindEnvoy ? ['envoy'] : [])].join('+');
}

export type Measure = Exclude<keyof Figures, 'fault'>;

/** The middle one; of an even number the mean of the two in the middle. */
export function medianOf(rounds: readonly Figures[], measure: Measure): number {
  const sorted = rounds.map(figures => figures[measure] ?? 0).sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
