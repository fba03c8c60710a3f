import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** A start takes well under a second; a loaded machine gets more. */
const readyTimeoutMs = 20_000;
const readyPollMs = 50;
/** What `serve` says when both of its listeners are up. */
const listening = 'modelgate serve: admin API (HTTP) on ';

export interface DemoServer {
  close(): Promise<void>;
}

/** `modelgate init`: answers the first site admin's legacy key. */
export async function initStore(data: string): Promise<string> {
  const { stdout } = await run(process.execPath, [main, 'init', '--admin', 'admin', '--data', data]);
  return stdout.trim();
}

/** `modelgate serve` in a process of its own, listening. Rejects with what it said where it does not come up. */
export async function startServer(flags: readonly string[]): Promise<DemoServer> {
  const child = spawn(process.execPath, [main, 'serve', '--log-level', 'warn', '--log-format', 'text', ...flags], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: withoutSettings(process.env),
    // Ctrl-C reaches the demo alone, which then ends the server after Envoy.
    detached: true,
  });
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const close = closeOf(child);
  const deadline = performance.now() + readyTimeoutMs;
  // Its own word, and not an answer on the port, which another server may give.
  while (!said.join('').includes(listening)) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await close();
      throw new Error(`modelgate serve did not start:\n${said.join('').trim()}`);
    }
    await sleep(readyPollMs);
  }
  return { close };
}

/** The demo says everything by flags; what the user's shell holds for another server must not reach this one. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('MODELGATE_')));
}

function closeOf(child: ChildProcess): () => Promise<void> {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()));
  return async () => {
    child.kill('SIGTERM');
    await gone;
    process.off('exit', kill);
  };
}
