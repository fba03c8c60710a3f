import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of all processes of a group. */

let ticksPerSecond: number | undefined;

/** User and system time in microseconds, that of threads and ended children included. */
export function cpuMicros(group: number): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  let ticks = 0;
  for (const { fields } of processesOf(group)) {
    ticks += fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  }
  return (ticks / ticksPerSecond) * 1e6;
}

/** Time in microseconds that all cores of the machine were busy since it started, with other things than these too. */
export function machineMicros(): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const [line = ''] = (read('/proc/stat') ?? '').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/\s+/).slice(1).map(Number);
  return ((user + nice + system + irq + softirq + steal) / ticksPerSecond) * 1e6;
}

/** Resident memory: what it was at most, and what it is now. */
export function memoryMib(group: number): { readonly peak: number; readonly now: number } {
  const sum = { peak: 0, now: 0 };
  for (const { pid } of processesOf(group)) {
    const status = read(`/proc/${pid}/status`) ?? '';
    sum.peak += kib(status, 'VmHWM') / 1024;
    sum.now += kib(status, 'VmRSS') / 1024;
  }
  return sum;
}

function kib(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
}

/** The fields of `/proc/PID/stat` after the name, which may hold spaces. */
function* processesOf(group: number): Generator<{ readonly pid: string; readonly fields: readonly string[] }> {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields && Number(fields[2]) === group) {
      yield { pid, fields };
    }
  }
}

/** undefined: the process has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
