import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Plan } from '../plan.ts';
import type { BenchServer } from '../servers/bench-server.ts';
import { pinned } from '../servers/pinning.ts';

/** What the loader saw while it measured; times in microseconds. */
export interface LoaderResult {
  readonly requests: number;
  readonly rps: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  /** CPU time of the loader for each reply: near its own core's limit it measures itself. */
  readonly loader_cpu_us: number;
  /** Replies that were not what the request deserves. */
  readonly mismatches: number;
  /** Calls without a reply. */
  readonly errors: number;
  readonly first_fault?: string;
}

export interface LoaderOptions {
  /** The program with the arguments that come before all others. */
  readonly command: readonly string[];
  /** As `-addr` takes it. */
  readonly address: string;
  readonly workloadFile: string;
  readonly plan: Pick<Plan, 'connections' | 'streams' | 'rate'>;
  readonly judged: BenchServer['judged'];
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Called when the measured phase begins and ends. */
  readonly onPhase: (phase: 'begin' | 'end') => void;
}

const judgedFlags: Record<BenchServer['judged'], readonly string[]> = {
  status: ['-strict'],
  outcome: [],
  'all-allowed': ['-all-allow'],
};

/** Plays requests against a server and judges every reply. Rejects where the loader itself fails; faults of replies are counted. */
export async function runLoader(options: LoaderOptions): Promise<LoaderResult> {
  const { command, address, workloadFile, plan, judged, warmUpSeconds, seconds, onPhase } = options;
  const [program = '', ...rest] = pinned('loader', [
    ...command,
    ...['-addr', address, '-workload', workloadFile],
    ...['-c', String(plan.streams || 1), '-conns', String(plan.connections), '-rate', String(plan.rate)],
    ...['-warmup', `${warmUpSeconds}s`, '-duration', `${seconds}s`],
    ...judgedFlags[judged],
  ]);
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const said: string[] = [];
  child.stderr.on('data', chunk => said.push(String(chunk)));
  let result: LoaderResult | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'begin' || line === 'end') {
      onPhase(line);
    } else {
      result = JSON.parse(line);
    }
  }
  await exited;
  if (!result) {
    throw new Error(`the loader ended without figures: ${said.join('').trim()}`);
  }
  return result;
}
