import type { LoaderResult } from './run-loader.ts';

/** What the kit's loader would print of these latencies, in microseconds; the CPU time is that of the measured phase. */
export function toLoaderResult(
  latencies: number[],
  seconds: number,
  { user, system }: NodeJS.CpuUsage,
  faults: Pick<LoaderResult, 'mismatches' | 'errors'>,
): LoaderResult {
  const sorted = Float64Array.from(latencies).sort();
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return {
    requests: sorted.length,
    rps: sorted.length / seconds,
    p50_us: quantile(0.5),
    p99_us: quantile(0.99),
    p999_us: quantile(0.999),
    loader_cpu_us: (user + system) / Math.max(1, sorted.length),
    ...faults,
  };
}
