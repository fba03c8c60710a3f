import { LiveRing, type LiveStep } from './live-ring.ts';
import { quantile } from './quantile.ts';

/** Time between two looks at the counters. */
export const liveStepMs = 5000;

/** Steps of 5 seconds for an hour, and of a minute for a day. */
const resolutions = { 5: 720, 60: 1440 } as const;
export type LiveInterval = keyof typeof resolutions;

/** Counters of checks that are looked at; the rows are those that there are when the history begins. */
interface Counted {
  readonly labelsOfRows: readonly { readonly outcome?: string; readonly reason?: string }[];
  readInto(into: Float64Array): void;
}

/** A histogram that is looked at, over all of its rows. */
interface Timed {
  readonly bounds: readonly number[];
  sumInto(into: Float64Array): void;
}

export interface LiveSources {
  readonly checks: Counted;
  readonly checkDuration: Timed;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly snapshot: () => { readonly revision: number; readonly ageSeconds: number | undefined };
}

export interface LiveSample {
  /** Milliseconds since 1970, of its end. */
  readonly at: number;
  /** How many checks were decided so, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How many were refused, by reason; without those that were none. */
  readonly denials: Readonly<Record<string, number>>;
  /** In seconds; undefined: nothing was answered. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number } | undefined;
  readonly revision: number;
  readonly ageSeconds: number | undefined;
}

/**
 * What checks came to in the last hour and the last day, from the metrics themselves: each look reads the counters and keeps
 * the differences, so that a check pays nothing for it. The memory is laid out once.
 */
export class LiveHistory {
  readonly #sources: LiveSources;
  readonly #labels: Counted['labelsOfRows'];
  readonly #tracks: { readonly interval: LiveInterval; readonly ring: LiveRing; readonly before: Float64Array }[];
  readonly #counts: Float64Array;
  #looks = 0;

  constructor(sources: LiveSources) {
    const { checks, checkDuration } = sources;
    this.#sources = sources;
    this.#labels = [...checks.labelsOfRows];
    const width = this.#labels.length + checkDuration.bounds.length + 1;
    this.#counts = new Float64Array(width);
    this.#read();
    this.#tracks = ([5, 60] as const).map(interval => ({
      interval,
      ring: new LiveRing(resolutions[interval], width),
      before: this.#counts.slice(),
    }));
  }

  get bytes(): number {
    return this.#tracks.reduce((sum, { ring }) => sum + ring.bytes, 0);
  }

  /** To be called each `liveStepMs`. */
  look(): void {
    this.#looks += 1;
    this.#read();
    const { now, snapshot } = this.#sources;
    const held = { at: now(), ...snapshot() };
    for (const { interval, ring, before } of this.#tracks) {
      if ((this.#looks * liveStepMs) % (interval * 1000) === 0) {
        ring.write({ ...held, counts: this.#counts.map((count, column) => count - (before[column] as number)) });
        before.set(this.#counts);
      }
    }
  }

  /** The samples of one resolution that ended later than an instant, oldest first. */
  after(instant: number, interval: LiveInterval): LiveSample[] {
    const track = this.#tracks.find(each => each.interval === interval);
    return (track?.ring.after(instant) ?? []).map(step => this.#toSample(step));
  }

  #read(): void {
    const { checks, checkDuration } = this.#sources;
    checks.readInto(this.#counts.subarray(0, this.#labels.length));
    checkDuration.sumInto(this.#counts.subarray(this.#labels.length));
  }

  #toSample({ at, revision, ageSeconds, counts }: LiveStep): LiveSample {
    const outcomes: Record<string, number> = {};
    const denials: Record<string, number> = {};
    for (const [column, { outcome = '', reason = '' }] of this.#labels.entries()) {
      const count = counts[column] as number;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      if (outcome === 'deny' && count > 0) {
        denials[reason] = count;
      }
    }
    return { at, outcomes, denials, latency: this.#latency(counts), revision, ageSeconds };
  }

  #latency(counts: Float64Array): LiveSample['latency'] {
    const { bounds } = this.#sources.checkDuration;
    const buckets = counts.subarray(this.#labels.length);
    const [p50, p99, p999] = [0.5, 0.99, 0.999].map(share => quantile(share, bounds, buckets));
    return p50 === undefined || p99 === undefined || p999 === undefined ? undefined : { p50, p99, p999 };
  }
}
