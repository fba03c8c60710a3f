/** A refused call, as the ring of denials keeps it. */
export interface Denial {
  /** Counts up; newer denials have greater ones. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
  readonly reason: string;
  readonly modelId: string | undefined;
  readonly projectId: string | undefined;
  readonly keyId: string | undefined;
  readonly callerAddress: string;
}
