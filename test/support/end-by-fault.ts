import { readFileSync } from 'node:fs';

/** Secrets that a fault is to hold, each at another place of it. */
export interface FaultSecrets {
  readonly message: string;
  readonly lines: readonly string[];
  readonly cause: string;
  readonly field: string;
  readonly json: string;
}

/** Ways for a process to end by a fault, each made from what the process was given. */
export const faultWays = {
  'an exception': ({ message, lines, cause, field }: FaultSecrets) => {
    const because = new Error(`because of ${cause}`);
    const fault = new TypeError([`no ${message}`, ...lines, `    at ${lines[0]}`].join('\n'), { cause: because });
    throw Object.assign(fault, { code: field, body: field, name: field });
  },
  'a quoting exception': ({ json }: FaultSecrets) => JSON.parse(json),
  'a rejection': ({ message }: FaultSecrets) => void Promise.reject(new Error(message)),
  'a thrown string': ({ message }: FaultSecrets) => {
    throw message;
  },
} as const;

/** For `--import` into a process under test: it ends as the file says that `FAULT_FILE` names, at a SIGCONT. */
const file = process.env['FAULT_FILE'];
if (file !== undefined) {
  process.on('SIGCONT', () => {
    const { way, secrets } = JSON.parse(readFileSync(file, 'utf8'));
    setImmediate(() => faultWays[way as keyof typeof faultWays](secrets));
  });
}
