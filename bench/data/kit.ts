/** Tables, the requests that belong to them, and what plays these. */
export interface Kit {
  /** The program with the arguments that come before its flags; its flags and output are those of the peers kit's loader. */
  readonly loader: readonly string[];
  /** The folder with the tables of a set, once it is prepared. */
  tables(set: string): string;
  /** The requests of a name for a set. */
  workloadFile(set: string, workload: string): string;
  /** Makes what is not there yet: programs, tables and requests. */
  prepare(sets: readonly string[]): Promise<void>;
}
