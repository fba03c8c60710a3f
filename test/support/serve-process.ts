import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { init } from '../../src/compose.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { freePort } from './ports.ts';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface ServeProcess {
  readonly checkPort: number;
  readonly admin: AdminClient;
  readonly child: ChildProcess;
  /** Everything that it wrote to standard error. */
  stderr(): string;
  /** Ends it without any chance to clean up. */
  kill9(): Promise<void>;
  /** Sends SIGTERM; answers the exit code. */
  terminate(): Promise<number | null>;
}

export interface ProcessOptions {
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command line that runs the one which follows it, by `exec`. */
  readonly wrap?: readonly string[];
}

/** `modelgate serve` in a process of its own on a data directory that `init` has made, ready. */
export async function startProcess(
  data: string,
  legacyKey: string,
  flags: readonly string[] = [],
  { env = {}, wrap = [] }: ProcessOptions = {},
): Promise<ServeProcess> {
  const [checkPort, adminPort] = [await freePort(), await freePort()];
  const listen = ['--check-listen', `127.0.0.1:${checkPort}`, '--admin-listen', `127.0.0.1:${adminPort}`];
  const line = [...wrap, process.execPath, main, 'serve', '--data', data, ...listen, ...flags];
  const child = spawn(line[0] as string, line.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const exited = once(child, 'exit');
  const admin = adminClient(`http://127.0.0.1:${adminPort}`, legacyKey);
  while ((await admin.get('/readyz').catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) {
      throw new Error(`serve ended:\n${said.join('')}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };
  return {
    checkPort,
    admin,
    child,
    stderr: () => said.join(''),
    kill9: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
  };
}

export function initData(data: string): Promise<string> {
  return init(data, 'root');
}
