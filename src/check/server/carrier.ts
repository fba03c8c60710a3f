import type { Server } from '@grpc/grpc-js';
import type { CheckAnswerer } from '../check-answerer.ts';
import type { CheckListenerOptions } from './check-listener.ts';

/** What a transport is given, and what all of them are asked for. */
export interface CarrierOptions extends CheckListenerOptions {
  readonly answerer: CheckAnswerer;
  /** Longest message in bytes. */
  readonly messageBytesMax: number;
  /** Adds health and what else is asked for. */
  readonly addServices: (server: Pick<Server, 'addService'>) => void;
  readonly failed: (cause: unknown) => void;
  /** Connections at once on the lean transport; the default is in limits.ts. */
  readonly connectionsMax?: number;
}

export interface Carrier {
  /** The port that is listened on; undefined for a socket. */
  readonly port: number | undefined;
  /** Takes no new connection and frees the address at once, for another process; calls on those that are there go on. */
  stopListening(): void;
  /** Takes no new call, waits for those under way up to the limit, then ends them. */
  close(drainMs: number): Promise<void>;
}
