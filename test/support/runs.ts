/**
 * How many cases a property runs: its everyday number times `MODELGATE_TEST_FACTOR`, so that a long run is the same suite
 * with a larger factor. What is no positive number counts as 1.
 */
export function runs(n: number): number {
  const factor = Number(process.env['MODELGATE_TEST_FACTOR'] ?? 1);
  return Math.max(1, Math.round(n * (factor > 0 && Number.isFinite(factor) ? factor : 1)));
}
