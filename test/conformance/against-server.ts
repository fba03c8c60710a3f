import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { init } from '../../src/assemble.ts';
import { startServe } from '../support/cli-process.ts';
import { dataDirectory } from '../support/data-directory.ts';

/**
 * Runs a command against a real `modelgate serve` on a fresh data directory, told by the environment where it is. The
 * first argument names the transport of checks. Ends with the command's exit code, or with 1 where the server did not end well.
 */
const [transport = 'lean', command = 'true', ...args] = process.argv.slice(2);
const data = dataDirectory();
const keyFile = join(dataDirectory(), 'admin.key');
writeFileSync(keyFile, await init(data, 'root'), { mode: 0o600 });
const server = await startServe(data, ['--check-transport', transport]);
const child = spawn(command, args, {
  stdio: 'inherit',
  env: {
    ...process.env,
    MODELGATE_CHECK_ADDRESS: `127.0.0.1:${server.checkPort}`,
    MODELGATE_SERVER: server.adminUrl,
    MODELGATE_KEY_FILE: keyFile,
  },
});
const [code] = (await once(child, 'close')) as [number | null];
const serverCode = await server.stop();
if (code !== 0 || serverCode !== 0) {
  process.stderr.write(`serve ended with ${serverCode} and said:\n${server.stderr()}`);
}
process.exitCode = serverCode === 0 ? (code ?? 1) : 1;
