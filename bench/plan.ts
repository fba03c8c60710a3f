import type { Changes } from './load/change-load.ts';

/** A named measure: which requests are sent, how many at a time, and over how many connections. */
export interface Plan {
  readonly name: string;
  /** What it tells, for `--help` and the report. */
  readonly title: string;
  /** Name of the tables: `small` has 100 models and 1,000 keys, `big` 20,000 models and 1,000,000 keys. */
  readonly set: string;
  /** Name of the requests in that folder, without `.workload`. */
  readonly workload: string;
  readonly connections: number;
  /** Requests under way on each connection; 0 with a rate: as many as it takes. */
  readonly streams: number;
  /** Requests per second in all, each at its own instant, however late the server is; 0: the next one when one is answered. */
  readonly rate: number;
  /** Left out where slow rivals would only queue. */
  readonly compiledOnly: boolean;
  /** What is changed through the admin API meanwhile; only servers that have one are asked. */
  readonly changes?: Changes;
  /** Whether calls go to an Envoy that asks the server, and not to the server itself. */
  readonly behindEnvoy?: boolean;
  /** Name of the plan that is the same but for what this one is about: the report divides by that one's figures too. */
  readonly against?: string;
}
