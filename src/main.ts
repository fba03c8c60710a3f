#!/usr/bin/env node
import { closeOnSignal } from './cli/close-on-signal.ts';
import { runCli } from './cli/run-cli.ts';

/** The server's parts are loaded by the commands that run it: the others start in a fraction of the time. */
const compose = () => import('./assemble.ts');

async function logFault(err: Error): Promise<void> {
  const { createLog } = await import('./log/log.ts');
  createLog('error').fatal({ err }, 'ending after a fault that nothing caught');
}

// Node would open its inspector at this signal, and with it every key in memory.
process.on('SIGUSR1', () => undefined);

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  serve: async config => {
    (await import('./server/refuse-inspector.ts')).refuseInspector();
    return (await compose()).serve(config);
  },
  init: async (dataDirectory, username) => (await compose()).init(dataDirectory, username),
  acceptLoss: async dataDirectory => (await compose()).acceptLoss(dataDirectory),
  makeLegacyKey: async () => (await import('./keys/secret.ts')).makeSecret('legacy_key'),
  closeOnSignal: closeOnSignal(logFault),
});
