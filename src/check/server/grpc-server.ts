import type { Socket } from 'node:net';
import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Certificates } from '../../tls/certificates.ts';
import type { CheckAnswerer } from '../check-answerer.ts';
import { authorizationService, type ReceivedCheck } from '../wire/authorization-service.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { type ListenAddress, listenForChecks } from './check-listener.ts';
import { addReflection } from './reflection.ts';
import { sayGoodbye } from './send-goaway.ts';

export interface CheckServerOptions {
  readonly address: ListenAddress;
  readonly answerer: CheckAnswerer;
  readonly bodyBytesMax: number;
  /** Answers grpc.reflection to whoever asks. */
  readonly reflection: boolean;
  /** Absent: no TLS. With a client CA in it, only its clients are answered. */
  readonly tls?: Certificates | undefined;
  /** Told of what is not as it should be with the socket's folder. */
  readonly warn: (fields: object, message: string) => void;
  /** Resolves when the address may be taken; at once where it is not given. */
  readonly addressFree?: () => Promise<void>;
}

export interface CheckServer {
  /** The port that is listened on; undefined for a socket. */
  readonly port: number | undefined;
  setServing(serving: boolean): void;
  /** Takes no new connection and frees the address at once, for another process; calls on those that are there go on. */
  stopListening(): void;
  /** Takes no new call, waits for those under way up to the limit, then ends them. */
  close(drainMs: number): Promise<void>;
}

/** A CheckRequest is the body and what stands around it: headers, addresses, metadata. */
const aroundBodyBytes = 256 * 1024;
/** More than the concurrent calls of one Envoy worker by default, and still a bound (T17). */
const concurrentStreamsMax = 4096;
/** Memory of one HTTP/2 session in MB: room for some dozens of full bodies at once. */
const sessionMemoryMb = 512;

/** Most answers have less. */
const answerBytes = 4096;

const serviceName = 'envoy.service.auth.v3.Authorization';

/** Listens for Envoy, once the address is free. Rejects with an Error that names the setting to change where it can't be had. */
export async function startCheckServer(options: CheckServerOptions): Promise<CheckServer> {
  // Errors reach the caller; grpc-js would also write them to standard error in a form of its own.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': options.bodyBytesMax + aroundBodyBytes,
    'grpc.max_concurrent_streams': concurrentStreamsMax,
    'grpc-node.max_session_memory': sessionMemoryMb,
  });
  const health = new HealthImplementation({ '': 'NOT_SERVING', [serviceName]: 'NOT_SERVING' });
  health.addToServer(server);
  server.addService(authorizationService(), { Check: unary(options.answerer) });
  if (options.reflection) {
    addReflection(server);
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  // From here to the next line nobody may be listening there: everything slow is done by now.
  await options.addressFree?.();
  const listener = await listenForChecks(options, connection => injector.injectConnection(connection));
  return {
    port: listener.port,
    setServing: serving => {
      for (const name of ['', serviceName]) {
        health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
      }
    },
    stopListening: () => listener.stop(),
    close: drainMs => {
      listener.stop();
      return drain(server, listener.connections, drainMs);
    },
  };
}

/** The library keeps an answer until it is sent, so each gets bytes of its own; the writer's are used again. */
function unary(answerer: CheckAnswerer) {
  const out = new ByteWriter(answerBytes);
  return ({ request }: ServerUnaryCall<ReceivedCheck, Buffer>, callback: sendUnaryData<Buffer>) => {
    const { bytes, receivedAt } = request;
    out.at = 0;
    const outcome = answerer.answer(bytes, 0, bytes.length, out);
    if (outcome === 'undecided') {
      callback({ code: status.UNAVAILABLE, details: 'not ready to decide' });
    } else {
      callback(null, Buffer.from(out.buffer.subarray(0, out.at)));
    }
    answerer.sent(outcome, (performance.now() - receivedAt) / 1000, 1);
  };
}

/** Ends at the limit whatever has not ended by itself. */
async function drain(server: Server, connections: ReadonlySet<Socket>, drainMs: number): Promise<void> {
  const timer = setTimeout(() => {
    server.forceShutdown();
    // A peer that doesn't even read the end of its connection would keep it open.
    for (const connection of connections) {
      connection.destroy();
    }
  }, drainMs);
  await sayGoodbye(connections);
  await new Promise<void>(resolve => server.tryShutdown(() => resolve()));
  clearTimeout(timer);
}
