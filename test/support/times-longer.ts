/** Rounds of which the best counts, so that a pause for garbage or compiling is not taken for the work's. */
const rounds = 7;

/** Below it what is measured is the measuring, in milliseconds. */
const leastMs = 1;

/**
 * How many times longer the larger work takes than the smaller: by the processor time of this process, which other
 * processes don't add to, each the best of rounds in turns, so that both meet the machine at its best. A work is made
 * large enough to take milliseconds; what takes less than one counts as one.
 */
export function timesLonger(larger: () => unknown, smaller: () => unknown): number {
  let [most, least] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round += 1) {
    least = Math.min(least, processorMs(smaller));
    most = Math.min(most, processorMs(larger));
  }
  return most / Math.max(leastMs, least);
}

function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
