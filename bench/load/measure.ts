import type { EnvoyProcess } from '../../envoy/run-envoy.ts';
import type { Kit } from '../data/kit.ts';
import type { Plan } from '../plan.ts';
import type { BenchServer } from '../servers/bench-server.ts';
import { cpuMicros, machineMicros, memoryMib } from '../servers/process-figures.ts';
import { type StartedServer, startServer } from '../servers/start-server.ts';
import { inProject } from '../where.ts';
import { type ChangeLoad, startChanges } from './change-load.ts';
import { startGateway } from './gateway.ts';
import { type LoaderResult, runLoader } from './run-loader.ts';

const httpLoader = [process.execPath, inProject('dist', 'bench', 'load', 'http-loader.js')];

/** What one run of one plan against one server gave; times in microseconds. */
export interface Figures {
  readonly rps: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  /** CPU time of the server's processes for each reply, the kernel's work for them included. */
  readonly cpu_us: number;
  readonly loader_cpu_us: number;
  /** Cores that everything but server and loader kept busy meanwhile: an Envoy of ours, or whatever else this machine does. */
  readonly others_cores: number;
  /** Resident memory at its highest, the start included, and at the end of the load. */
  readonly peak_mib: number;
  readonly resident_mib: number;
  readonly ready_s: number;
  /** Replies that were not what the request deserves. */
  readonly mismatches: number;
  /** Calls that were not answered, or not in time. */
  readonly missing: number;
  readonly fault?: string;
  /** Changes that the server took meanwhile, where the plan makes any. */
  readonly changes_per_s?: number;
}

export interface Surroundings {
  readonly kit: Kit;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** Measures a fresh process. Rejects where the server or the loader gives up; wrong replies are counted. */
export async function measure(plan: Plan, server: BenchServer, surroundings: Surroundings): Promise<Figures> {
  const started = await startServer(server, plan.set);
  const changes = plan.changes && started.admin && startChanges(started.admin, plan.changes);
  let gateway: EnvoyProcess | undefined;
  try {
    gateway = plan.behindEnvoy ? await startGateway(started.ports.check, server.asked !== false) : undefined;
    const begin = { cpu: 0, made: 0, machine: 0 };
    const end = { cpu: 0, made: 0, machine: 0 };
    const result = await load(plan, server, gateway?.gatewayPort ?? started.ports.check, surroundings, phase => {
      const seen = phase === 'begin' ? begin : end;
      seen.cpu = cpuMicros(started.pid);
      seen.machine = machineMicros();
      seen.made = changes?.made() ?? 0;
    });
    await changes?.stop();
    started.requireRunning();
    const serverMicros = end.cpu - begin.cpu;
    const ours = serverMicros + result.loader_cpu_us * result.requests;
    return {
      ...toFigures(result, started),
      cpu_us: serverMicros / Math.max(1, result.requests),
      others_cores: Math.max(0, (end.machine - begin.machine - ours) / (surroundings.seconds * 1e6)),
      ...(changes ? { changes_per_s: (end.made - begin.made) / surroundings.seconds } : {}),
    };
  } finally {
    await ignoreFault(changes);
    await gateway?.close();
    await started.end();
  }
}

function load(
  plan: Plan,
  server: BenchServer,
  port: number,
  { kit, seconds, warmUpSeconds }: Surroundings,
  onPhase: (phase: 'begin' | 'end') => void,
): Promise<LoaderResult> {
  return runLoader({
    command: plan.behindEnvoy ? httpLoader : (server.loader ?? kit.loader),
    address: `127.0.0.1:${port}`,
    workloadFile: kit.workloadFile(plan.set, plan.workload),
    plan,
    judged: server.judged,
    warmUpSeconds,
    seconds,
    onPhase,
  });
}

function toFigures(
  result: LoaderResult,
  { pid, readySeconds }: StartedServer,
): Omit<Figures, 'cpu_us' | 'others_cores'> {
  const { rps, p50_us, p99_us, p999_us, loader_cpu_us, mismatches, errors, first_fault } = result;
  const { peak, now } = memoryMib(pid);
  return {
    ...{ rps, p50_us, p99_us, p999_us, loader_cpu_us },
    ...{ peak_mib: peak, resident_mib: now, ready_s: readySeconds },
    mismatches,
    missing: errors,
    ...(first_fault === undefined ? {} : { fault: first_fault }),
  };
}

/** After a fault of something else the writer's own is none of interest. */
async function ignoreFault(changes: ChangeLoad | undefined): Promise<void> {
  await changes?.stop().catch(() => undefined);
}
