import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Permission bits don't bind root: where the tests run as root, this user owns the files and opens them. */
const nobody = 65_534;

const script = `
  const { openStore } = await import(process.argv[1]);
  await import('sqlite3');
  const [uid, gid] = process.argv.slice(3).map(Number);
  if (process.getuid() === 0) {
    process.setgroups([]);
    process.setgid(gid);
    process.setuid(uid);
  }
  const told = await openStore({ dataDirectory: process.argv[2], now: Date.now, observe: () => undefined }).then(
    async store => (await store.close(), { code: 'opened', message: '' }),
    ({ code, message }) => ({ code, message }),
  );
  console.log(JSON.stringify(told));
`;

/** What an owner of a data directory without root's powers is told on opening it, once a path in it has a mode. */
export function openAsOwner(data: string, path: string, mode: number): { code: string; message: string } {
  if (process.getuid?.() === 0) {
    chownSync(data, nobody, nobody);
    for (const name of readdirSync(data)) chownSync(join(data, name), nobody, nobody);
  }
  chmodSync(join(data, path), mode);
  try {
    return openAs(data, nobody, nobody);
  } finally {
    chmodSync(join(data, path), 0o700);
  }
}

/** What another user is told on opening a data directory; only where the tests run as root. */
export function openAs(data: string, uid: number, gid: number): { code: string; message: string } {
  const module = new URL('../../src/store/sqlite/open-store.js', import.meta.url).href;
  const line = ['--input-type=module', '-e', script, module, data, String(uid), String(gid)];
  return JSON.parse(execFileSync(process.execPath, line, { encoding: 'utf8', cwd: import.meta.dirname }));
}

/** For a `before` hook: skips what follows where the tests are not root's, and says so; fails instead with CI=true. */
export function requireRoot(hook: Mocha.Context): void {
  if (process.getuid?.() !== 0) {
    const why = 'other users can be tried by root only';
    if (process.env['CI'] === 'true') {
      throw new Error(why);
    }
    process.stderr.write(`SKIPPED: ${why}\n`);
    hook.skip();
  }
}
