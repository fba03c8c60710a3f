import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GrpcCall, GrpcCalls } from '../grpc/grpc-calls.ts';
import { ServiceRegistry } from '../grpc/services.ts';
import { Http2Connection } from '../http2/connection.ts';
import { ByteBudget } from '../http2/limits/byte-budget.ts';
import { bufferedBytesMax, bufferedBytesMaxInAll, connectionsMax, sweepMs } from '../http2/limits/limits.ts';
import { OutputPool } from '../http2/output-pool.ts';
import type { Carrier, CarrierOptions } from './carrier.ts';
import { listenForChecks } from './check-listener.ts';

/** Clients of gRPC close a connection as soon as it has no streams left; others are not waited for. */
const leaveMsMax = 1000;
/** Between two looks at whether all connections have ended, in milliseconds. */
const closedMs = 5;
/** How long a connection that a fault has ended may take to close, in milliseconds: what we said last must arrive, and no flood live on (T15). */
const lingerMs = 250;

/** Answers checks over HTTP/2 of our own (see http2/). Rejects with an Error that names the setting to change. */
export async function startLeanServer(options: CarrierOptions): Promise<Carrier> {
  const { answerer, messageBytesMax, addServices, failed, connectionsMax: peersMax = connectionsMax } = options;
  const outputs = new OutputPool(failed);
  const services = new ServiceRegistry();
  addServices(services);
  const bodies = new ByteBudget(bufferedBytesMaxInAll, bufferedBytesMax);
  const now = () => performance.now();
  const connections = new Map<Socket, Http2Connection<GrpcCall>>();
  const accept = (socket: Socket) => {
    if (connections.size >= peersMax && !endLongestIdle(connections)) {
      socket.destroy();
      return;
    }
    const connection = new Http2Connection<GrpcCall>({
      socket,
      outputs,
      handler: of => new GrpcCalls({ connection: of, answerer, services, messageBytesMax, bodies, now }),
      now,
    });
    connections.set(socket, connection);
    socket.on('data', (chunk: Buffer) => {
      try {
        connection.receive(chunk);
      } catch (cause) {
        // A fault of ours ends this connection and nothing else (T14); its half-written bytes must reach nobody.
        connection.drop();
        connection.sender.discard();
        socket.destroy();
        failed(cause);
      }
    });
    // A peer that hangs up in the middle is no fault of ours; what it asked is dropped at `close`.
    socket.on('error', () => undefined);
    socket.once('finish', () => {
      // All is with the kernel, and not yet with the peer: were the socket closed now, the next byte of a peer that reads late would
      // make the kernel drop its answers (T19). It closes when it has read them; the drain ends at its limit.
      if (!connection.isEnding || connection.lastUseAt === 0) {
        setTimeout(() => socket.destroy(), lingerMs).unref();
      }
    });
    socket.once('close', () => {
      connection.drop();
      connection.sender.release();
      connections.delete(socket);
    });
  };
  const listener = await listenForChecks(options, accept);
  const sweep = setInterval(() => {
    for (const connection of connections.values()) {
      connection.sweep();
    }
  }, sweepMs);
  sweep.unref();
  return {
    port: listener.port,
    stopListening: () => listener.stop(),
    close: async drainMs => {
      listener.stop();
      const end = performance.now() + drainMs;
      await drain(connections, end);
      for (const socket of connections.keys()) {
        socket.destroy();
      }
      clearInterval(sweep);
    },
  };
}

/** Two steps, so that no call that is on its way is lost (RFC 9113, 6.8; T19). */
async function drain(connections: ReadonlyMap<Socket, Http2Connection<GrpcCall>>, end: number): Promise<void> {
  const closedBy = async (limit: number) => {
    while (connections.size > 0 && performance.now() < limit) {
      await sleep(closedMs);
    }
  };
  for (const connection of connections.values()) {
    connection.goAway();
  }
  await closedBy(Math.min(end, performance.now() + leaveMsMax));
  for (const connection of connections.values()) {
    connection.end();
  }
  await closedBy(end);
}

/** Makes room for a newcomer: of the connections without a call, ends the one whose last check is longest ago, and first of all those that never had one (T17). */
function endLongestIdle(connections: ReadonlyMap<Socket, Http2Connection<GrpcCall>>): boolean {
  let found: { readonly socket: Socket; readonly connection: Http2Connection<GrpcCall> } | undefined;
  for (const [socket, connection] of connections) {
    const isIdle = !connection.isEnding && !connection.isOver && connection.streams.size === 0;
    // They are in the order in which they came: of those that never had a check, the first is idle longest.
    if (isIdle && (!found || connection.lastUseAt < found.connection.lastUseAt)) {
      found = { socket, connection };
    }
  }
  if (!found) {
    return false;
  }
  const { socket, connection } = found;
  connection.end();
  // Time for what we said last, and no more: the newcomer has its place already.
  setImmediate(() => socket.destroy());
  return true;
}
