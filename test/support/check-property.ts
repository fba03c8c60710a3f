import fc from 'fast-check';
import { runs, runsFactor } from './runs.ts';

/** How often a long run says how far it is. */
const progressEveryMs = 5000;

/**
 * Timeout of a test that checks a property, in milliseconds: ten times and more what one takes on an idle machine of two
 * cores, and longer with a larger factor.
 */
export const propertyTimeoutMs = 120_000 * Math.max(1, runsFactor());

interface Replay {
  readonly seed?: number;
  readonly path?: string;
}

/**
 * Checks a property on its full number of cases times the factor. A failure prints the smallest counterexample that
 * was found, with the command that plays just that one again. Answers how many cases ran, for tests that count what
 * their cases reached; it is 0 where a single case is replayed, since that reaches next to nothing.
 */
export function checkProperty<T>(property: fc.IPropertyWithHooks<T>, fullRuns: number): number {
  const replay = readReplay();
  const numRuns = runs(fullRuns);
  const details = fc.check(property.beforeEach(progress(numRuns)), { ...replay, numRuns, includeErrorInReport: true });
  if (details.failed) throw failure(fc.defaultReportMessage(details), details);
  return replay.path === undefined ? details.numRuns : 0;
}

/** The same for a property that waits. */
export async function checkAsyncProperty<T>(
  property: fc.IAsyncPropertyWithHooks<T>,
  fullRuns: number,
): Promise<number> {
  const replay = readReplay();
  const numRuns = runs(fullRuns);
  const parameters = { ...replay, numRuns, includeErrorInReport: true };
  const details = await fc.check(property.beforeEach(progress(numRuns)), parameters);
  if (details.failed) throw failure(await fc.asyncDefaultReportMessage(details), details);
  return replay.path === undefined ? details.numRuns : 0;
}

/** `MODELGATE_TEST_SEED` makes the same cases again, `MODELGATE_TEST_PATH` besides it the one that failed. */
export function readReplay(): Replay {
  const { MODELGATE_TEST_SEED: seed = '', MODELGATE_TEST_PATH: path = '' } = process.env;
  if (seed === '' && path === '') return {};
  if (!/^-?\d+$/.test(seed)) throw new Error('MODELGATE_TEST_SEED must be the whole number that a failure printed');
  return { seed: Number(seed), ...(path === '' ? {} : { path }) };
}

function failure(report: string | undefined, { seed, counterexamplePath: path }: FailedRun): Error {
  const variables = `MODELGATE_TEST_SEED=${seed} MODELGATE_TEST_PATH=${path ?? ''}`;
  return new Error(`${report}\n\nTo play it again: ${variables} npx mocha --grep '<title of this test>'`);
}

interface FailedRun {
  readonly seed: number;
  readonly counterexamplePath: string | null;
}

function progress(numRuns: number): () => void {
  if (runsFactor() <= 1) return () => undefined;
  let done = 0;
  let next = performance.now() + progressEveryMs;
  return () => {
    done += 1;
    if (performance.now() < next) return;
    next = performance.now() + progressEveryMs;
    process.stderr.write(`      case ${done} of ${numRuns}\n`);
  };
}
