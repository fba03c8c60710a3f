#!/usr/bin/env -S node --max-semi-space-size=2
import { closeOnSignal, endingByFault } from './cli/close-on-signal.ts';
import { logFormat } from './cli/log-format.ts';
import { runCli } from './cli/run-cli.ts';
import type { Log, LogLevel } from './log/log.ts';

/** The server's parts are loaded by the commands that run it: the others start in a fraction of the time. */
const compose = () => import('./assemble.ts');

const argv = process.argv.slice(2);
const format = logFormat({ argv, env: process.env, stderr: process.stderr });

async function openLog(level: LogLevel = 'info'): Promise<Log> {
  const { createLog } = await import('./log/log.ts');
  return createLog(level, undefined, format);
}

async function logFault(fault: unknown, message: string): Promise<void> {
  (await openLog()).fatal({ fault }, message);
}

/** Node.js itself would write the fault's message, whatever it quotes. */
function endByFault(fault: unknown): void {
  void logFault(fault, endingByFault).finally(() => process.exit(1));
}

process.once('uncaughtException', endByFault);
process.once('unhandledRejection', endByFault);

if (format === 'json') {
  // Node.js itself writes a warning, as of something deprecated, in lines of its own.
  process.removeAllListeners('warning');
  process.on('warning', async ({ name, message }) =>
    (await openLog()).warn({ type: name, warning: message }, 'warning of Node.js'),
  );
}

// Node would open its inspector at this signal, and with it every key in memory.
process.on('SIGUSR1', () => undefined);

process.exitCode = await runCli({
  argv,
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  openLog,
  serve: async config => {
    (await import('./server/refuse-inspector.ts')).refuseInspector();
    return (await compose()).serve(config, { log: await openLog(config.logLevel) });
  },
  init: async (dataDirectory, username) => (await compose()).init(dataDirectory, username),
  recover: async (dataDirectory, username) => (await compose()).recover(dataDirectory, username),
  firstSignIn: async (dataDirectory, origin) => (await compose()).firstSignIn(dataDirectory, origin),
  acceptLoss: async dataDirectory => (await compose()).acceptLoss(dataDirectory),
  restore: async options => (await compose()).restore(options),
  makeLegacyKey: async () => (await import('./keys/secret.ts')).makeSecret('legacy_key'),
  closeOnSignal: (...how) => {
    process.off('uncaughtException', endByFault);
    process.off('unhandledRejection', endByFault);
    closeOnSignal(logFault)(...how);
  },
});
