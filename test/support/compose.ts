import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { until } from './until.ts';

/** As much of a service of docker-compose.yml as tests read. */
export interface Service {
  readonly image: string;
  readonly user: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
}

export interface ComposeFile {
  readonly services: Readonly<Record<'modelgate' | 'envoy' | 'fraud' | 'churn' | 'prometheus', Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>;
}

/** A file at the top of the project. */
export function projectFile(name: string): string {
  return readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
}

export function readComposeFile(): ComposeFile {
  return parse(projectFile('docker-compose.yml'), { merge: true });
}

/** What the image has at `/app` lies here in the project. */
function asHere(path: string): string {
  return path.startsWith('/app/')
    ? fileURLToPath(new URL(`../../../${path.slice('/app/'.length)}`, import.meta.url))
    : path;
}

export interface ContainerProcess {
  /** Standard output and standard error, as they came. */
  said(): string;
  /** The first match in what it said; rejects where the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Answers the exit code. */
  ended(): Promise<number | null>;
  /** As `docker stop` does; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Runs what a container would run, here: the command of the image, with that environment and no other. */
export function runAsContainer(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ContainerProcess {
  const [, ...argv] = command.map(asHere);
  const child: ChildProcess = spawn(process.execPath, argv, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', chunk => {
      said += String(chunk);
    });
  }
  const closed = once(child, 'close').then(([code]) => code as number | null);
  return {
    said: () => said,
    says: pattern =>
      until(`${command.join(' ')} says ${pattern}`, () => {
        const match = pattern.exec(said);
        if (!match && child.exitCode !== null) {
          throw new Error(`${command.join(' ')} ended with ${child.exitCode}: ${said}`);
        }
        return match;
      }),
    ended: () => closed,
    stop: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
}
