import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type DiskOperation = 'write' | 'sync' | 'truncate' | 'unlink' | 'read';

/** One way in which a disk fails: an operation on files whose path ends so, or on all of them for `*`. */
export interface DiskFault {
  readonly operation: DiskOperation;
  readonly on: string;
  readonly error: 'ENOSPC' | 'EIO' | 'EROFS' | 'EDQUOT' | 'EACCES';
}

export interface FaultyDisk {
  /** For the environment of the process under test. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on the disk fails in these ways and no other; none: it is well. */
  fail(...faults: readonly DiskFault[]): void;
  /** What the process did to its files until now; empty without a log. */
  log(): Buffer;
  /** How long that is by now. */
  logBytes(): number;
  close(): void;
}

export interface FaultyDiskOptions {
  /** Whether every change is noted; then nothing is made durable but in the log. */
  readonly log?: boolean;
  /** Notes no sync, as if the store made none. */
  readonly ignoreSync?: boolean;
}

const source = fileURLToPath(new URL('../../../test/support/faulty-disk.c', import.meta.url));
const controlBytes = 4096;
let built: string | undefined;

/** For a `before` hook: skips what follows where no faulty disk can be had, and says why; fails instead with CI=true. */
export function requireFaultyDisk(hook: Mocha.Context): void {
  try {
    build();
  } catch (fault) {
    const why = `a faulty disk needs Linux and a C compiler (cc): ${(fault as Error).message.split('\n')[0]}`;
    if (process.env['CI'] === 'true') {
      throw new Error(why);
    }
    process.stderr.write(`SKIPPED: ${why}\n`);
    hook.skip();
  }
}

/** A disk below a folder that fails as it is told, for a process that is started with its environment. */
export function faultyDisk(folder: string, { log = false, ignoreSync = false }: FaultyDiskOptions = {}): FaultyDisk {
  const own = mkdtempSync(join(tmpdir(), 'modelgate-disk-'));
  const [controlFile, logFile] = [join(own, 'control'), join(own, 'log')];
  const control = openSync(controlFile, 'w+', 0o600);
  const fail = (...faults: readonly DiskFault[]) => {
    const lines = faults.map(({ operation, on, error }) => `${operation} ${on} ${constants.errno[error]}\n`);
    const text = Buffer.alloc(controlBytes);
    text.write(lines.join(''));
    writeSync(control, text, 0, controlBytes, 0);
  };
  fail();
  return {
    env: {
      LD_PRELOAD: build(),
      FAULTY_DISK_DIR: folder,
      FAULTY_DISK_CONTROL: controlFile,
      ...(log ? { FAULTY_DISK_LOG: logFile } : {}),
      ...(ignoreSync ? { FAULTY_DISK_IGNORE_SYNC: '1' } : {}),
    },
    fail,
    log: () => (log ? readFileSync(logFile) : Buffer.alloc(0)),
    logBytes: () => (log ? statSync(logFile).size : 0),
    close: () => {
      closeSync(control);
      rmSync(own, { recursive: true, force: true });
    },
  };
}

function build(): string {
  if (process.platform !== 'linux') {
    throw new Error(`LD_PRELOAD is not known on ${process.platform}`);
  }
  if (built === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'modelgate-disk-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const library = join(folder, 'faulty-disk.so');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' });
    built = library;
  }
  return built;
}
