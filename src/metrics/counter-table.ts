import { Counter, type CounterConfiguration, type MetricObjectWithValues, type MetricValue } from 'prom-client';

/** Rows that a table has room for before it grows. */
const rowsAtFirst = 64;

/**
 * A counter whose series are rows of a table: labels are named once, for the number of a row, and counting is an addition.
 * prom-client's own looks its labels up each time, which costs a check more than deciding it. Exposed all the same.
 */
export class CounterTable<T extends string> extends Counter<T> {
  // No #fields: the other format is read through objects that only inherit from this one (admin/routes/ops.ts).
  private readonly rowLabels: Partial<Record<T, string>>[] = [];
  private counts = new Float64Array(rowsAtFirst);

  constructor(configuration: CounterConfiguration<T>) {
    super(configuration);
  }

  /** Number of a new row with these labels, which is shown once something was counted in it. */
  row(labels: Partial<Record<T, string>>): number {
    const row = this.rowLabels.push(labels) - 1;
    if (row === this.counts.length) {
      const grown = new Float64Array(2 * row);
      grown.set(this.counts);
      this.counts = grown;
    }
    return row;
  }

  /** Counts so many in a row. */
  add(row: number, count: number): void {
    this.counts[row] = (this.counts[row] as number) + count;
  }

  /** Labels of all rows, in the order of their numbers. */
  get labelsOfRows(): readonly Partial<Record<T, string>>[] {
    return this.rowLabels;
  }

  /** Copies what was counted in the first rows, as many as there is room for. */
  readInto(into: Float64Array): void {
    into.set(this.counts.subarray(0, into.length));
  }

  override async get(): Promise<MetricObjectWithValues<MetricValue<T>>> {
    const values = this.rowLabels.map((labels, row) => ({ labels, value: this.counts[row] as number }));
    return { ...(await super.get()), values: values.filter(({ value }) => value > 0) };
  }
}
