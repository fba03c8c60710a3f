import { expect } from 'chai';

/** Rounds of which the best counts, so that a pause for garbage or compiling is not taken for the work's. */
const rounds = { least: 7, most: 60 };

/** Below it what is measured is the measuring, in milliseconds. */
const leastMs = 1;

interface Expected {
  readonly below: number;
  /** What is measured, where a test measures several. */
  readonly what?: string;
}

/**
 * Expects the larger work to take less than so many times as long as the smaller: by the processor time of this process,
 * which other processes don't add to, each the best of rounds in turns, so that both meet the machine at its best. A work
 * is made large enough to take milliseconds; what takes less than one counts as one. What other threads of this process
 * do counts too, so more rounds are made while the work seems too long: work that grows too fast gets below in none.
 */
export function expectTimesLonger({ below, what = '' }: Expected, larger: () => unknown, smaller: () => unknown): void {
  let [most, least] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const times = () => most / Math.max(leastMs, least);
  for (let round = 0; round < rounds.least || (round < rounds.most && times() >= below); round += 1) {
    least = Math.min(least, processorMs(smaller));
    most = Math.min(most, processorMs(larger));
  }
  expect(times(), what).to.be.below(below);
}

function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
