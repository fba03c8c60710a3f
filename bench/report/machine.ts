import { spawnSync } from 'node:child_process';
import { cpus, release, type as system, totalmem } from 'node:os';

/** Where figures come from: they compare with those of the same machine only. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gib: number;
  readonly kernel: string;
  readonly node: string;
  readonly go: string;
  readonly rust: string;
  readonly measured_at: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    memory_gib: Math.round(totalmem() / 1024 ** 3),
    kernel: `${system()} ${release()}`,
    node: process.version,
    go: versionOf('go', 'version'),
    rust: versionOf('rustc', '--version'),
    measured_at: new Date().toISOString(),
  };
}

function versionOf(tool: string, flag: string): string {
  const { status, stdout } = spawnSync(tool, [flag], { encoding: 'utf8' });
  return status === 0 ? (/\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? stdout.trim()) : 'none';
}

export function toSentence({ cpu, cores, memory_gib, kernel, node, go, rust }: Machine): string {
  return `${cores} cores (${cpu}), ${memory_gib} GiB, ${kernel}, Node.js ${node}, Go ${go}, Rust ${rust}`;
}
