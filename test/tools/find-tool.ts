import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../../.tools/bin', import.meta.url));

export interface ToolResult {
  readonly code: number | null;
  /** Standard output and standard error, one after the other. */
  readonly output: string;
}

export interface ToolOptions {
  readonly stdin?: string;
  /** Where it runs, for one that leaves files behind. */
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of what it says on standard output, as it comes. */
  readonly said?: (text: string) => void;
}

export type Tool = (args: readonly string[], options?: ToolOptions) => Promise<ToolResult>;

/** A program from `.tools/bin`, another folder of ours, or PATH. Throws an Error that says how to get it: these tests are of no use without. */
export function findTool(name: string, howToGet: string, folder = cache): Tool {
  const folders = [folder, ...(process.env['PATH'] ?? '').split(delimiter)];
  const found = folders.map(folder => join(folder, name)).find(isProgram);
  if (found === undefined) {
    throw new Error(`${name} is neither in .tools nor on PATH: ${howToGet}`);
  }
  // Not synchronously: the server that it asks runs in this process.
  return async (args, { stdin = '', cwd, env, said = () => undefined } = {}) => {
    const child = spawn(found, args, { cwd, env: { ...process.env, ...env } });
    child.stdout.on('data', chunk => said(String(chunk)));
    child.stdin.end(stdin);
    const [[code], stdout, stderr] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
    return { code, output: stdout + stderr };
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
