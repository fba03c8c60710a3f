/**
 * How many cases a property runs: its full number times `MODELGATE_TEST_FACTOR`, so that a short or a long run is the same
 * suite with another factor. `npm test` runs a tenth.
 */
export function runs(n: number): number {
  return Math.max(1, Math.round(n * runsFactor()));
}

/** `MODELGATE_TEST_FACTOR`; what is no positive number counts as 1. */
export function runsFactor(): number {
  const factor = Number(process.env['MODELGATE_TEST_FACTOR'] ?? 1);
  return factor > 0 && Number.isFinite(factor) ? factor : 1;
}
