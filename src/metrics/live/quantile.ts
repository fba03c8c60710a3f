/**
 * The value below which a share of a histogram's observations lies, as `histogram_quantile` of Prometheus estimates it: within a
 * bucket they are taken to lie evenly, and beyond the last bound there is only that bound. Undefined: there were none.
 * `counts` has one bucket more than there are bounds, and is not summed up.
 */
export function quantile(share: number, bounds: readonly number[], counts: Float64Array): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return undefined;
  }
  const wanted = share * total;
  let below = 0;
  for (const [bucket, upper] of bounds.entries()) {
    const count = counts[bucket] as number;
    if (count > 0 && below + count >= wanted) {
      const lower = bucket === 0 ? 0 : (bounds[bucket - 1] as number);
      return lower + ((upper - lower) * (wanted - below)) / count;
    }
    below += count;
  }
  return bounds.at(-1);
}
