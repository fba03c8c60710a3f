import { type CheckAnswererOptions, createCheckAnswerer } from '../../src/check/create-check-answerer.ts';
import { type CheckServerOptions, startCheckServer } from '../../src/check/server/check-server.ts';
import type { Decision } from '../../src/decision/decision.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { type CheckClient, checkClient } from './check-client.ts';
import { testNow } from './site.ts';

export type CheckTransport = CheckServerOptions['checkTransport'];
/** Both ways in which checks are carried; whatever holds for one holds for the other. */
export const checkTransports: readonly CheckTransport[] = ['lean', 'grpc-js'];

export interface CheckService extends CheckClient {
  readonly port: number;
  readonly decisions: Decision[];
  stop(): Promise<void>;
}

export interface CheckServiceOptions {
  readonly snapshot?: Snapshot;
  readonly keepCredentials?: boolean;
  readonly unreadyAnswer?: CheckAnswererOptions['unreadyAnswer'];
  readonly bodyBytesMax?: number;
  readonly transport?: CheckTransport;
}

/** The real check service over gRPC on a snapshot, without a store behind it. */
export async function startCheckService(options: CheckServiceOptions = {}): Promise<CheckService> {
  const { snapshot, keepCredentials = false, unreadyAnswer = 'deny', bodyBytesMax = 5 * 1024 * 1024 } = options;
  const failed = (cause: unknown) => {
    throw cause;
  };
  const cell = new SnapshotCell();
  if (snapshot) {
    cell.publish(snapshot, 0);
  }
  const decisions: Decision[] = [];
  const observer = {
    decided: (decision: Decision) => decisions.push(decision),
    sent: () => undefined,
    failed,
  };
  const answerer = createCheckAnswerer({
    cell,
    bodyBytesMax,
    keepCredentials,
    unreadyAnswer,
    now: () => testNow,
    ticks: () => 0,
    observer,
  });
  const server = await startCheckServer({
    address: { host: '127.0.0.1', port: 0 },
    checkTransport: options.transport ?? 'lean',
    answerer,
    failed,
    bodyBytesMax,
    reflection: false,
    warn: () => undefined,
  });
  const port = server.port as number;
  const client = checkClient(port);
  return {
    ...client,
    port,
    decisions,
    stop: async () => {
      client.close();
      await server.close(1000);
    },
  };
}
