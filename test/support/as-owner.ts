import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Permission bits don't bind root: where the tests run as root, this user owns the files and opens them. */
const nobody = 65_534;

const script = `
  const { openStore } = await import(process.argv[1]);
  await import('sqlite3');
  if (process.getuid() === 0) process.setuid(${nobody});
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
    const module = new URL('../../src/store/sqlite/open-store.js', import.meta.url).href;
    const line = ['--input-type=module', '-e', script, module, data];
    return JSON.parse(execFileSync(process.execPath, line, { encoding: 'utf8', cwd: import.meta.dirname }));
  } finally {
    chmodSync(join(data, path), 0o700);
  }
}
