import type { CredentialSource } from '../credentials/credentials.ts';

/** One call to be decided, whichever of Envoy's spellings it came in. */
export interface CheckCall extends CredentialSource {
  /**
   * Names, in lower case and sorted, of the headers that hold a key of ours by its form, other than those that are read for
   * credentials (B25).
   */
  readonly headersWithOwnKeys: readonly string[];
  /** Envoy's `x-request-id`, of printable ASCII; empty where it has none that can be repeated. */
  readonly requestId: string;
  /** Address of the client or the last proxy; empty where it is not told. */
  readonly callerAddress: string;
  /** Whether the caller speaks gRPC, and so needs its answer in gRPC's form. */
  readonly isGrpc: boolean;
}
