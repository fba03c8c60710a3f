import type { Config } from '../config/read-config.ts';
import type { Restored, RestoreOptions } from '../restore/restore-backup.ts';

/** Where text goes; a terminal says so, and how wide it is. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the command line needs to know of a server that it started. */
export interface Served {
  /** undefined: the check service listens on a socket. */
  readonly checkPort: number | undefined;
  readonly adminPort: number;
  /** undefined: the ops routes have no listener of their own. */
  readonly opsPort?: number | undefined;
  /** A link that signs the first site admin in, with the admin pages at this origin; undefined once somebody has signed in. */
  firstSignIn(origin: string): Promise<FirstSignIn | undefined>;
  close(): Promise<void>;
}

export interface FirstSignIn {
  readonly username: string;
  /** Holds a secret. */
  readonly url: string;
}

/** A log as a command writes it; messages are constant, data goes in fields. */
export interface CommandLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  fatal(fields: object, message: string): void;
}

/** Everything outside the command line that it reads, writes or starts. */
export interface Surroundings {
  /** Without the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** The log in JSON, of a process that writes nothing else on standard error. */
  readonly openLog: () => Promise<CommandLog>;
  /** Resolves when the server listens; rejects with an Error whose message says what to change. */
  readonly serve: (config: Config) => Promise<Served>;
  /** Answers the legacy key of the first site admin; rejects as `serve` does. */
  readonly init: (dataDirectory: string, username: string) => Promise<string>;
  /** Gives a site admin whose legacy key is lost a new one, and answers it; rejects as `serve` does. */
  readonly recover: (dataDirectory: string, username: string) => Promise<string>;
  /** As of a server, for a store that is not served. */
  readonly firstSignIn: (dataDirectory: string, origin: string) => Promise<FirstSignIn | undefined>;
  /**
   * Lets a store that has lost acknowledged changes be served; answers the revision where it stands, and up to which
   * changes were acknowledged where that is known. Rejects as `serve` does.
   */
  readonly acceptLoss: (
    dataDirectory: string,
  ) => Promise<{ readonly revision: number; readonly acknowledged: number | undefined }>;
  /** Puts a backup in the place of a store; rejects as `serve` does. */
  readonly restore: (options: Omit<RestoreOptions, 'now'>) => Promise<Restored>;
  /** Answers a new legacy key that nobody has. */
  readonly makeLegacyKey: () => Promise<string>;
  /** Calls `close` when the process is told to end, and ends it in any case after `delayMs`. */
  readonly closeOnSignal: (close: () => Promise<void>, delayMs: number, note: (text: string) => void) => void;
}
