import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CliResult } from './cli.ts';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface ServeProcess {
  readonly checkPort: number;
  readonly adminUrl: string;
  /** Everything that it wrote to standard error until now. */
  stderr(): string;
  /** Sends SIGTERM and answers the exit code. */
  stop(): Promise<number | null>;
}

/** Runs the compiled command line as a process of its own, with no Modelgate settings but the given ones. */
export async function runModelgate(
  argv: readonly string[],
  { env = {}, stdin = '' }: { env?: Readonly<Record<string, string>>; stdin?: string } = {},
): Promise<CliResult> {
  const child = start(argv, env);
  // A command that does not read its input may end before it is written.
  child.stdin?.on('error', () => undefined).end(stdin);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout as never),
    text(child.stderr as never),
    ended(child),
  ]);
  return { code: code ?? -1, stdout, stderr };
}

/** Starts `modelgate serve` on free ports and answers when it says where it listens. Rejects where it ends before that. */
export async function startServe(data: string, flags: readonly string[] = []): Promise<ServeProcess> {
  const listen = ['--check-listen=127.0.0.1:0', '--admin-listen=127.0.0.1:0'];
  const child = start(['serve', '--data', data, ...listen, '--log-format=text', ...flags], {});
  let stderr = '';
  const listening = new Promise<RegExpExecArray>((resolve, reject) => {
    child.stderr?.on('data', chunk => {
      stderr += String(chunk);
      const match = /checks \(gRPC\) on 127\.0\.0\.1:(\d+)\n[\s\S]*admin API \(HTTP\) on (\S+)\n/.exec(stderr);
      if (match) {
        resolve(match);
      }
    });
    child.once('close', code => reject(new Error(`modelgate serve ended with ${code}: ${stderr}`)));
  });
  const [, checkPort, adminUrl] = await listening;
  return {
    checkPort: Number(checkPort),
    adminUrl: String(adminUrl),
    stderr: () => stderr,
    stop: () => {
      const end = ended(child);
      child.kill('SIGTERM');
      return end;
    },
  };
}

function start(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('MODELGATE_'));
  return spawn(process.execPath, [main, ...argv], { env: { ...Object.fromEntries(inherited), ...env } });
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode === null
    ? new Promise(resolve => child.once('close', resolve))
    : Promise.resolve(child.exitCode);
}
