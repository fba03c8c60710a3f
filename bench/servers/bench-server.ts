import type { AdminAccess } from '../load/change-load.ts';

/** A server that can be measured. One file or line for each is all that another rival takes. */
export interface BenchServer {
  readonly name: string;
  /** Whether it is asked when `--servers` names none. */
  readonly usual: boolean;
  /** Whether it keeps up with plans that are `compiledOnly`. */
  readonly fast: boolean;
  /** undefined: all of them. */
  readonly sets?: readonly string[];
  /** How replies are judged: allow or deny and the status of a denial, allow or deny alone, or that all are allowed. */
  readonly judged: 'status' | 'outcome' | 'all-allowed';
  /** Whether its launch answers an admin API that takes changes. */
  readonly changeable?: boolean;
  /** What plays the requests where it is not the kit's loader, with that one's flags and output. */
  readonly loader?: readonly string[];
  readonly closedLoopOnly?: boolean;
  /** Whether Envoy asks it; false: it stands for the same Envoy without the filter, and is in no other plan. */
  readonly asked?: boolean;
  /** Why it can't be measured here; undefined: it can. */
  missing(): string | undefined;
  /** What is made once for a set, before anything is measured. */
  prepare(set: string): Promise<void>;
  /** The process to start: it must listen for checks on loopback and stay in its process group. */
  launch(set: string, ports: Ports): Launch | Promise<Launch>;
}

/** Ports of loopback that are free: one for checks, one for whatever else it serves. */
export interface Ports {
  readonly check: number;
  readonly admin: number;
}

export interface Launch {
  readonly command: readonly string[];
  /** Answers 200 once it is ready; undefined: it is when the check port accepts connections. */
  readonly readyUrl?: string;
  readonly admin?: AdminAccess;
}
