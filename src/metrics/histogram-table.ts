import {
  Histogram,
  type HistogramConfiguration,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from 'prom-client';

interface Row<T extends string> {
  readonly labels: Partial<Record<T, string>>;
  /** How many fell in each bucket, the last being beyond all bounds; not summed up. */
  readonly counts: Float64Array;
  sum: number;
}

/** A histogram whose series are rows of a table, for the same reason as CounterTable; several equal values count at once. */
export class HistogramTable<T extends string> extends Histogram<T> {
  // No #fields: the other format is read through objects that only inherit from this one (admin/routes/ops.ts).
  private readonly rows: Row<T>[] = [];
  /** Upper bounds of the buckets. */
  readonly bounds: readonly number[];

  constructor(configuration: HistogramConfiguration<T> & { readonly buckets: readonly number[] }) {
    super(configuration);
    this.bounds = configuration.buckets;
  }

  /** Number of a new row with these labels, which is shown once something was counted in it. */
  row(labels: Partial<Record<T, string>>): number {
    return this.rows.push({ labels, counts: new Float64Array(this.bounds.length + 1), sum: 0 }) - 1;
  }

  /** Counts so many of one value in a row. */
  add(row: number, value: number, count: number): void {
    const { [row]: into } = this.rows;
    if (!into) return;
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket += 1;
    into.counts[bucket] = (into.counts[bucket] as number) + count;
    into.sum += value * count;
  }

  /** How many fell in each bucket over all rows, not summed up, the last being beyond all bounds. */
  sumInto(into: Float64Array): void {
    into.fill(0);
    for (const { counts } of this.rows) {
      for (const [bucket, count] of counts.entries()) {
        into[bucket] = (into[bucket] as number) + count;
      }
    }
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<T>>> {
    const { name, help, type, aggregator, collect } = this as unknown as MetricObjectWithValues<MetricValueWithName<T>>;
    return { name, help, type, aggregator, collect, values: this.rows.flatMap(row => this.series(row)) };
  }

  /** prom-client asks this one for text, where it is there. */
  async getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<T>>> {
    return await this.get();
  }

  private series({ labels, counts, sum }: Row<T>): MetricValueWithName<T>[] {
    const { name } = this as unknown as { name: string };
    let below = 0;
    const buckets = [...this.bounds, '+Inf'].map((le, bucket) => {
      below += counts[bucket] as number;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
    });
    if (below === 0) return [];
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: below },
    ] as MetricValueWithName<T>[];
  }
}
