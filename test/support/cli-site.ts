import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CliResult, cli } from './cli.ts';
import { dataDirectory } from './data-directory.ts';
import { startServer, type TestServer } from './server.ts';

/** A server in this process, and the command line on it: in the name of its site admin unless another key file is named. */
export interface CliSite {
  readonly server: TestServer;
  /** The server's own folder. */
  readonly data: string;
  /** A folder for files of a test. */
  readonly folder: string;
  /** All that commands wrote to standard error until now. */
  stderr(): string;
  /** Runs a command; its words stand apart by single spaces. */
  modelgate(line: string, stdin?: string, key?: string): Promise<CliResult>;
  /** Runs a command that must succeed, and answers what it printed. */
  printed(line: string, stdin?: string, key?: string): Promise<string>;
  /** A file with a fresh legacy key of a user. */
  keyFileOf(username: string): Promise<string>;
  close(): Promise<void>;
}

export async function startCliSite(): Promise<CliSite> {
  const [data, folder] = [dataDirectory(), dataDirectory()];
  const server = await startServer({ data });
  const shown: string[] = [];
  const rootKey = join(folder, 'root.key');
  writeFileSync(rootKey, server.admin.key, { mode: 0o600 });
  const modelgate = async (line: string, stdin = '', key = rootKey) => {
    const env = { MODELGATE_SERVER: server.admin.url, MODELGATE_KEY_FILE: key };
    const result = await cli(line.split(' '), { env, stdin });
    shown.push(result.stderr);
    return result;
  };
  const printed = async (line: string, stdin?: string, key?: string) => {
    const { code, stdout, stderr } = await modelgate(line, stdin, key);
    expect(code, `${line}: ${stderr}`).to.equal(0);
    return stdout;
  };
  const keyFileOf = async (username: string) => {
    const file = join(folder, `${username}.key`);
    writeFileSync(file, await printed(`users rotate-legacy-key ${username}`), { mode: 0o600 });
    return file;
  };
  return { server, data, folder, stderr: () => shown.join(''), modelgate, printed, keyFileOf, close: server.close };
}
