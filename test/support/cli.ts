import { PassThrough, Readable, Writable } from 'node:stream';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Served, Surroundings } from '../../src/cli/surroundings.ts';
import type { Config } from '../../src/config/read-config.ts';
import { createLog } from '../../src/log/log.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Columns of the terminal that standard output is; absent: it is none. */
  readonly columns?: number;
  /** The error that each write to standard output ends with. */
  readonly stdoutFault?: NodeJS.ErrnoException;
  readonly serve?: (config: Config) => Promise<Served>;
  readonly init?: Surroundings['init'];
  readonly recover?: Surroundings['recover'];
  readonly firstSignIn?: Surroundings['firstSignIn'];
  readonly acceptLoss?: Surroundings['acceptLoss'];
  readonly restore?: Surroundings['restore'];
  readonly makeLegacyKey?: Surroundings['makeLegacyKey'];
  readonly closeOnSignal?: Surroundings['closeOnSignal'];
}

/** Runs one command line in this process; what is not given in its surroundings must not be asked for. */
export async function cli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const {
    env = {},
    stdin = '',
    columns,
    stdoutFault,
    serve,
    init,
    recover,
    firstSignIn,
    acceptLoss,
    restore,
    makeLegacyKey,
    closeOnSignal,
  } = options;
  const stdout = collector(stdoutFault);
  const stderr = collector();
  const code = await runCli({
    argv,
    env,
    stdin: stdin === '' ? new PassThrough().end() : Readable.from([stdin]),
    stdout: Object.assign(stdout.stream, columns === undefined ? {} : { isTTY: true, columns }),
    stderr: stderr.stream,
    openLog: async () => createLog('info', { write: line => stderr.stream.write(line) }),
    serve: serve ?? unexpected('serve'),
    init: init ?? unexpected('init'),
    recover: recover ?? unexpected('recover'),
    firstSignIn: firstSignIn ?? unexpected('firstSignIn'),
    acceptLoss: acceptLoss ?? unexpected('acceptLoss'),
    restore: restore ?? unexpected('restore'),
    makeLegacyKey: makeLegacyKey ?? unexpected('makeLegacyKey'),
    closeOnSignal: closeOnSignal ?? (() => undefined),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(fault?: Error): { readonly stream: Writable; text(): string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done(fault);
    },
  });
  return { stream, text: () => text };
}

function unexpected(what: string): () => Promise<never> {
  return async () => {
    throw new Error(`${what} was not expected`);
  };
}
