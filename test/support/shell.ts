import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface ShellRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellOptions {
  /** Where the script runs, and where `modelgate` and `npx` are put for it. */
  readonly folder: string;
  /** Within the folder; the folder itself unless told. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script in a real bash that finds the compiled command, as `modelgate` and as npx finds it in a checkout; it ends at the first failure. */
export async function runInBash(script: string, { folder, cwd = folder, env = {} }: ShellOptions): Promise<ShellRun> {
  const path = { ...process.env, ...withCommand(folder) };
  const child = spawn('bash', ['--norc', '-euc', script], { cwd, env: { ...path, ...env } });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** An environment in which `modelgate` is a command of the folder. */
export function withCommand(folder: string): { readonly PATH: string } {
  const command = `exec "${process.execPath}" "${main}" "$@"`;
  for (const [name, lines] of [
    ['modelgate', command],
    ['npx', `[ "$1" = modelgate ] && shift && ${command}`],
  ] as const) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, name), 0o700);
  }
  return { PATH: `${folder}${delimiter}${process.env['PATH']}` };
}
