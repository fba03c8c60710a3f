import { type Figures, measure, type Surroundings } from './load/measure.ts';
import type { Plan } from './plan.ts';
import { note, warn } from './report/say.ts';
import type { BenchServer } from './servers/bench-server.ts';

/** All rounds of one plan with one server. */
export interface Measured {
  readonly plan: Plan;
  readonly server: BenchServer;
  readonly rounds: readonly Figures[];
}

export interface Comparison {
  readonly measured: readonly Measured[];
  /** What went wrong, in sentences: a wrong reply is a fault of the whole run. */
  readonly faults: readonly string[];
}

/**
 * Runs every plan with every server that fits it. Each round goes through them in the reverse of the order before, so that
 * none has the warmer or the busier machine each time. A server that fails a plan is not asked for it again.
 */
export async function compare(
  plans: readonly Plan[],
  servers: readonly BenchServer[],
  rounds: number,
  surroundings: Surroundings,
): Promise<Comparison> {
  const jobs = plans.flatMap(plan =>
    servers
      .filter(server => fits(server, plan))
      .map(server => ({ plan, server, rounds: [] as Figures[], failed: false })),
  );
  const faults: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const job of round % 2 === 1 ? jobs : jobs.toReversed()) {
      if (job.failed) {
        continue;
      }
      const name = `${job.plan.name} ${job.server.name}`;
      try {
        const figures = await measure(job.plan, job.server, surroundings);
        job.rounds.push(figures);
        note(line(round, name, figures));
        requireRight(job.plan, figures);
      } catch (cause) {
        job.failed = true;
        faults.push(`${name}: ${cause instanceof Error ? cause.message : cause}`);
        warn(faults.at(-1) as string);
      }
    }
  }
  return { measured: jobs.filter(job => job.rounds.length > 0), faults };
}

/** Throws where a reply was wrong. One that is missing is no fault where a fixed pace was more than the server can do. */
function requireRight({ rate }: Plan, { mismatches, missing, fault }: Figures): void {
  if (mismatches > 0 || (missing > 0 && rate === 0)) {
    throw new Error(`${mismatches} replies were wrong and ${missing} missing, first: ${fault}`);
  }
  if (missing > 0) {
    warn(`the pace was too much: ${missing} calls were not answered in time`);
  }
}

function fits(server: BenchServer, { set, compiledOnly, changes, rate, behindEnvoy }: Plan): boolean {
  if (behindEnvoy ? server.loader !== undefined : server.asked === false) {
    return false;
  }
  return (
    server.sets?.includes(set) !== false &&
    (server.fast || !compiledOnly) &&
    (server.changeable === true || !changes) &&
    (rate === 0 || !server.closedLoopOnly)
  );
}

function line(round: number, name: string, { rps, p50_us, p99_us, cpu_us, peak_mib, changes_per_s }: Figures): string {
  const columns = [
    `${Math.round(rps)} rps`,
    `p50 ${Math.round(p50_us)} µs`,
    `p99 ${Math.round(p99_us)} µs`,
    `CPU ${cpu_us.toFixed(1)} µs`,
    `peak ${Math.round(peak_mib)} MiB`,
    ...(changes_per_s === undefined ? [] : [`${Math.round(changes_per_s)} changes/s`]),
  ];
  return `  round ${round}  ${name.padEnd(30)} ${columns.map(each => each.padStart(14)).join('')}`;
}
