import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { awaitReady, type EnvoyExit } from './await-ready.ts';
import { EnvoyStartError } from './errors.ts';
import { refuseTakenPorts } from './refuse-taken-ports.ts';

/** Envoy starts in well under a second; a loaded machine gets more. */
const READY_TIMEOUT_MS = 15_000;
/** Envoy ends at once on SIGTERM; one that does not is stuck. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Envoy's own 10 s would let a reader of the access log wait. */
const ACCESS_LOG_FLUSH_MS = 50;
/** How much of Envoy's log an error shows. */
const LOG_TAIL_LINES = 30;
/** Lines of the access log that are kept; older ones go. */
const ACCESS_LOG_LINES_MAX = 100_000;

export interface StartEnvoyOptions {
  binary: string;
  configText: string;
  /** Worker threads. */
  concurrency?: number;
  /** Each line of Envoy's own log (not the access log). */
  onLog?: (line: string) => void;
  /** Envoy logs warnings and worse only. */
  quiet?: boolean;
  readyTimeoutMs?: number;
}

export interface EnvoyProcess {
  readonly pid: number;
  readonly gatewayPort: number;
  readonly adminPort: number;
  /** Settles when Envoy has ended, for whatever reason; never rejects. */
  readonly exited: Promise<EnvoyExit>;
  /** Lines of the access log so far; a line comes within about 50 ms of the end of its request. */
  accessLog(): string[];
  /** Ends Envoy and removes its files; may be called again. */
  close(): Promise<void>;
}

/** Starts Envoy on a configuration with fixed or free (0) ports and waits until it serves. Rejects with EnvoyStartError. */
export async function startEnvoy(options: StartEnvoyOptions): Promise<EnvoyProcess> {
  await refuseTakenPorts(options.configText);
  const directory = await mkdtemp(path.join(tmpdir(), 'modelgate-envoy-'));
  const adminAddressFile = path.join(directory, 'admin-address');
  const configFile = path.join(directory, 'envoy.yaml');
  await writeFile(configFile, options.configText, { mode: 0o600 });

  const child = spawn(options.binary, argumentsFor(options, configFile, adminAddressFile), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logTail: string[] = [];
  const accessLog: string[] = [];
  readLines(child.stderr, line => {
    keep(logTail, line, LOG_TAIL_LINES);
    options.onLog?.(line);
  });
  readLines(child.stdout, line => keep(accessLog, line, ACCESS_LOG_LINES_MAX));
  const exited = exitOf(child, line => logTail.push(line));
  const close = closeOf(child, exited, directory);
  try {
    const ready = awaitReady(adminAddressFile, options.readyTimeoutMs ?? READY_TIMEOUT_MS, exited);
    return { pid: child.pid ?? 0, ...(await ready), exited, accessLog: () => [...accessLog], close };
  } catch (error) {
    await close();
    throw new EnvoyStartError(`${(error as Error).message} The end of its log:\n${logTail.join('\n')}`, {
      cause: error,
    });
  }
}

function argumentsFor(options: StartEnvoyOptions, configFile: string, adminAddressFile: string): string[] {
  return [
    ...['--config-path', configFile],
    ...['--admin-address-path', adminAddressFile],
    // Several Envoys run on one machine, and none takes over from another.
    '--disable-hot-restart',
    ...['--concurrency', String(options.concurrency ?? 1)],
    ...['--file-flush-interval-msec', String(ACCESS_LOG_FLUSH_MS)],
    ...['--log-level', options.quiet === true ? 'warning' : 'info'],
  ];
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function exitOf(child: Child, onSpawnError: (line: string) => void): Promise<EnvoyExit> {
  return new Promise(resolve => {
    child.once('error', error => {
      onSpawnError(error.message);
      resolve({ code: null, signal: null });
    });
    // "close", not "exit": by then the last lines of both logs have been read.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function closeOf(child: Child, exited: Promise<EnvoyExit>, directory: string): () => Promise<void> {
  // When this process ends without closing, Envoy must not go on alone. (A signal that nobody handles ends Node without
  // this event: whoever starts Envoy for long handles SIGINT and SIGTERM.)
  const onProcessExit = () => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', onProcessExit);
  const gone = exited.then(() => {
    process.off('exit', onProcessExit);
    return rm(directory, { recursive: true, force: true });
  });
  return async () => {
    child.kill('SIGTERM');
    const stuck = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    await gone;
    clearTimeout(stuck);
  };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

function keep(lines: string[], line: string, max: number): void {
  lines.push(line);
  if (lines.length > max) lines.shift();
}
