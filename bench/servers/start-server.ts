import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminAccess } from '../load/change-load.ts';
import { benchCache } from '../where.ts';
import type { BenchServer, Ports } from './bench-server.ts';
import { freePorts } from './free-ports.ts';
import { pinned } from './pinning.ts';

export interface StartedServer {
  readonly ports: Ports;
  /** Of the processes: it is their group's id too. */
  readonly pid: number;
  /** From the start of the process until it was ready. */
  readonly readySeconds: number;
  /** undefined: it takes no changes. */
  readonly admin: AdminAccess | undefined;
  /** Throws where it has ended by itself. */
  requireRunning(): void;
  end(): Promise<void>;
}

/** A million keys on a slow machine. */
const readySecondsMax = 180;
const pollMs = 5;
/** A server that drains has this long. */
const endMsMax = 15_000;

/** A fresh process of a server on its own core, ready. Rejects with an Error that names its log where it does not get so far. */
export async function startServer(server: BenchServer, set: string): Promise<StartedServer> {
  const [check = 0, admin = 0] = await freePorts(2);
  const ports = { check, admin };
  const { command, readyUrl, admin: adminAccess } = await server.launch(set, ports);
  const log = logFile(server.name);
  const [program = '', ...rest] = pinned('server', command);
  const output = openSync(log, 'w', 0o600);
  const begun = performance.now();
  // A group of its own, so that whatever it starts is counted and ended with it.
  const child = spawn(program, rest, {
    stdio: ['ignore', output, output],
    detached: true,
    env: withoutOurs(process.env),
  });
  closeSync(output);
  const killWithUs = () => signal(child, 'SIGKILL');
  process.once('exit', killWithUs);
  const requireRunning = () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      throw new Error(`${server.name} ended by itself: see ${log}`);
    }
  };
  const end = async () => {
    await ended(child);
    process.off('exit', killWithUs);
  };
  try {
    await untilReady(check, readyUrl, requireRunning);
  } catch (cause) {
    await end();
    throw cause instanceof Error ? cause : new Error(`${server.name} was not ready: see ${log}`);
  }
  const readySeconds = (performance.now() - begun) / 1000;
  return { ports, pid: child.pid as number, readySeconds, admin: adminAccess, requireRunning, end };
}

/** What is set for the bench, or for a server elsewhere, would change the settings of the one that is measured. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('MODELGATE_')));
}

function logFile(name: string): string {
  const folder = join(benchCache(), 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${name}.log`);
}

async function untilReady(port: number, url: string | undefined, requireRunning: () => void): Promise<void> {
  const latest = performance.now() + readySecondsMax * 1000;
  while (!(url === undefined ? await accepts(port) : await answersOk(url))) {
    requireRunning();
    if (performance.now() > latest) {
      throw new Error(`not ready within ${readySecondsMax} s`);
    }
    await sleep(pollMs);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    const done = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function answersOk(url: string): Promise<boolean> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = new Promise(resolve => child.once('exit', resolve));
  signal(child, 'SIGTERM');
  const timer = setTimeout(() => signal(child, 'SIGKILL'), endMsMax);
  await exited;
  clearTimeout(timer);
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-(child.pid as number), name);
  } catch {
    // The group has ended already.
  }
}
