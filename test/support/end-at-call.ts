import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * For `--import` into a process under test: it is killed before its nth call of the file system that makes, moves or removes
 * something below a folder, as `END_AT_CALL=n:NAME,NAME:FOLDER` says; the names are those of the calls that count.
 */
const [, n, names, folder] = /^(\d+):([\w,]+):(.*)$/.exec(process.env['END_AT_CALL'] ?? '') ?? [];
if (n !== undefined && names !== undefined && folder !== undefined) {
  let calls = 0;
  const all = promises as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of names.split(',')) {
    const real = all[name] as (...args: unknown[]) => unknown;
    all[name] = (...args) => {
      if (args.some(each => String(each).startsWith(folder))) {
        calls += 1;
        if (calls === Number(n)) {
          process.kill(process.pid, 'SIGKILL');
        }
      }
      return real(...args);
    };
  }
  syncBuiltinESMExports();
}
