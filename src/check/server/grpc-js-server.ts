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
import type { CheckAnswerer } from '../check-answerer.ts';
import { authorizationService, type ReceivedCheck } from '../wire/authorization-service.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import type { Carrier, CarrierOptions } from './carrier.ts';
import { listenForChecks } from './check-listener.ts';
import { sayGoodbye } from './send-goaway.ts';

/** More than the concurrent calls of one Envoy worker by default, and still a bound (T17). */
const concurrentStreamsMax = 4096;
/** Memory of one HTTP/2 session in MB: room for some dozens of full bodies at once. */
const sessionMemoryMb = 512;

/** Most answers have less. */
const answerBytes = 4096;

/** Answers checks by `@grpc/grpc-js`. Rejects with an Error that names the setting to change where the address can't be had. */
export async function startGrpcJsServer(options: CarrierOptions): Promise<Carrier> {
  // Errors reach the caller; grpc-js would also write them to standard error in a form of its own.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': options.messageBytesMax,
    'grpc.max_concurrent_streams': concurrentStreamsMax,
    'grpc-node.max_session_memory': sessionMemoryMb,
  });
  options.addServices(server);
  server.addService(authorizationService(), { Check: unary(options.answerer) });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await listenForChecks(options, connection => injector.injectConnection(connection));
  return {
    port: listener.port,
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
    answerer.begin();
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
