import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { init } from '../../src/assemble.ts';
import { type AdminClient, adminClient } from './admin-client.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

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

export interface ServeOptions extends ProcessOptions {
  readonly data: string;
  readonly legacyKey: string;
  readonly adminPort: number;
  /** As `--check-listen` takes it. */
  readonly checkListen: string;
  readonly flags?: readonly string[];
  readonly node?: readonly string[];
}

export interface StartedProcess {
  readonly child: ChildProcess;
  readonly admin: AdminClient;
  stderr(): string;
  /** Waits until it said this on standard error; rejects where it ended before. */
  says(text: string): Promise<void>;
  /** Sends the signal; answers the exit code. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** `modelgate serve` in a process of its own, just started. It ends with the process of the tests at the latest. */
export function spawnServe(options: ServeOptions): StartedProcess {
  const { data, legacyKey, adminPort, checkListen, flags = [], node = [], env = {}, wrap = [] } = options;
  const listen = ['--check-listen', checkListen, '--admin-listen', `127.0.0.1:${adminPort}`];
  const line = [...wrap, process.execPath, ...node, main, 'serve', '--data', data, ...listen, ...flags];
  const child = spawn(line[0] as string, line.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const endWithTests = () => child.kill('SIGKILL');
  process.once('exit', endWithTests);
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const exited = once(child, 'exit');
  void exited.then(() => process.off('exit', endWithTests));
  return {
    child,
    admin: adminClient(`http://127.0.0.1:${adminPort}`, legacyKey),
    stderr: () => said.join(''),
    says: async text => {
      await until(`serve says ${text}`, () => {
        if (child.exitCode !== null) {
          throw new Error(`serve ended:\n${said.join('')}`);
        }
        return said.join('').includes(text);
      });
    },
    end: async signal => {
      child.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

/** `modelgate serve` in a process of its own on a data directory that `init` has made, ready. */
export async function startProcess(
  data: string,
  legacyKey: string,
  flags: readonly string[] = [],
  { checkPort: wanted, ...options }: ProcessOptions & { readonly checkPort?: number } = {},
): Promise<ServeProcess> {
  const [checkPort, adminPort] = [wanted ?? (await freePort()), await freePort()];
  const checkListen = `127.0.0.1:${checkPort}`;
  const started = spawnServe({ data, legacyKey, adminPort, checkListen, flags, ...options });
  const { child, admin, stderr, says, end } = started;
  while ((await admin.get('/readyz').catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) {
      throw new Error(`serve ended:\n${stderr()}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  // It answers a moment before it hears signals, and says where it listens when it does both.
  await says('"part":"admin API"');
  return {
    checkPort,
    admin,
    child,
    stderr,
    kill9: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
  };
}

export function initData(data: string): Promise<string> {
  return init(data, 'root');
}
