import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type CliOptions, type CliResult, cli } from './cli.ts';
import { dataDirectory } from './data-directory.ts';

export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

export interface FakeApi {
  readonly url: string;
  /** A file with the key that `run` uses. */
  readonly keyFile: string;
  /** Everything that was asked, in its order. */
  readonly asked: AskedRequest[];
  /** Runs a command line against this server. */
  run(argv: readonly string[], options?: CliOptions): Promise<CliResult>;
  close(): Promise<void>;
}

export const legacyKey = 'mgl_a-key-of-a-test';

/** An admin API that answers as it is told, request by request, and remembers what it was asked. */
export async function startFakeApi(answer: (asked: AskedRequest) => Reply): Promise<FakeApi> {
  const asked: AskedRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = '', url = '' } = request;
    const { authorization } = request.headers;
    const received = { method, url, authorization, body: body === '' ? undefined : JSON.parse(body) };
    asked.push(received);
    const { status = 200, headers = {}, body: sent } = answer(received);
    response.writeHead(status, headers);
    response.end(sent === undefined || typeof sent === 'string' ? sent : JSON.stringify(sent));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyFile = join(dataDirectory(), 'legacy.key');
  writeFileSync(keyFile, `${legacyKey}\n`, { mode: 0o600 });
  const env = { MODELGATE_SERVER: url, MODELGATE_KEY_FILE: keyFile };
  return {
    url,
    keyFile,
    asked,
    run: (argv, options = {}) => cli(argv, { ...options, env: { ...env, ...options.env } }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
