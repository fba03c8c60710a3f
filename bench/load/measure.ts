import { join } from 'node:path';
import type { PeersKit } from '../data/peers-kit.ts';
import type { Plan } from '../plan.ts';
import type { BenchServer } from '../servers/bench-server.ts';
import { cpuMicros, memoryMib } from '../servers/process-figures.ts';
import { startServer } from '../servers/start-server.ts';
import { runLoader } from './run-loader.ts';

/** What one run of one plan against one server gave; times in microseconds. */
export interface Figures {
  readonly rps: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  /** CPU time of the server's processes for each reply, the kernel's work for them included. */
  readonly cpu_us: number;
  readonly loader_cpu_us: number;
  /** Resident memory at its highest, the start included, and at the end of the load. */
  readonly peak_mib: number;
  readonly resident_mib: number;
  readonly ready_s: number;
  /** Replies that were wrong, or did not come. */
  readonly mismatches: number;
  readonly fault?: string;
}

export interface Surroundings {
  readonly kit: PeersKit;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** Measures a fresh process. Rejects where the server or the loader gives up; wrong replies are counted. */
export async function measure(plan: Plan, server: BenchServer, surroundings: Surroundings): Promise<Figures> {
  const { kit, seconds, warmUpSeconds } = surroundings;
  const started = await startServer(server, plan.set);
  try {
    const cpu = { begin: 0, end: 0 };
    const result = await runLoader({
      command: [kit.loader],
      address: `127.0.0.1:${started.ports.check}`,
      workloadFile: join(kit.tables(plan.set), `${plan.workload}.workload`),
      plan,
      judged: server.judged,
      warmUpSeconds,
      seconds,
      onPhase: phase => {
        cpu[phase] = cpuMicros(started.pid);
      },
    });
    started.requireRunning();
    const memory = memoryMib(started.pid);
    const { requests, mismatches, errors, first_fault, ...rest } = result;
    return {
      rps: rest.rps,
      p50_us: rest.p50_us,
      p99_us: rest.p99_us,
      p999_us: rest.p999_us,
      loader_cpu_us: rest.loader_cpu_us,
      cpu_us: (cpu.end - cpu.begin) / Math.max(1, requests),
      peak_mib: memory.peak,
      resident_mib: memory.now,
      ready_s: started.readySeconds,
      mismatches: mismatches + errors,
      ...(first_fault === undefined ? {} : { fault: first_fault }),
    };
  } finally {
    await started.end();
  }
}
