import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Child {
  /** What it wrote. */
  said(): string;
  close(): Promise<void>;
}

/** Starts a process that ends with this one at the latest; it writes to a file, since Envoy can't open a socket as `/dev/stdout`. */
export function startChild(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const folder = mkdtempSync(join(tmpdir(), 'modelgate-mesh-'));
  const file = join(folder, 'output');
  const output = openSync(file, 'a', 0o600);
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env },
  });
  closeSync(output);
  child.on('error', () => undefined);
  const exited = once(child, 'exit').catch(() => undefined);
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  return {
    said: () => readFileSync(file, 'utf8'),
    close: async () => {
      child.kill('SIGKILL');
      await exited;
      process.off('exit', end);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
