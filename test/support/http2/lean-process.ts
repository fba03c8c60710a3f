import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = (name: string) => fileURLToPath(new URL(`${name}.js`, import.meta.url));

export interface FloodResult {
  readonly sent: number;
  /** Connections that the server ended. */
  readonly cut: number;
  /** How long the one lived that lived longest and was ended, in milliseconds. */
  readonly longestMs: number;
}

/** The lean transport in a process of its own, whose memory is its alone, and who attacks it in another one. */
export class LeanProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface, port: number) {
    this.#child = child;
    this.#lines = lines;
    this.port = port;
  }

  /** At a port, or at the socket of this path. */
  static async start(path?: string): Promise<LeanProcess> {
    const child = spawn(process.execPath, [script('lean-main'), ...(path === undefined ? [] : [path])], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = await once(lines, 'line');
    return new LeanProcess(child, lines, JSON.parse(String(line)).port);
  }

  async report(): Promise<{ worked: number; faults: string[] }> {
    this.#child.stdin?.write('report\n');
    const [line] = await once(this.#lines, 'line');
    return JSON.parse(String(line));
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  residentMib(): number {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  }

  async flood(attack: string, ms: number): Promise<FloodResult> {
    // It stands for other machines, so it gives way to the server and its honest clients on this one.
    const args = ['-n', '19', process.execPath, script('flood-main'), String(this.port), attack, String(ms)];
    const child = spawn('nice', args, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = await once(lines, 'line');
    return JSON.parse(String(line));
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
