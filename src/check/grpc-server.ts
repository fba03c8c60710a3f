import { chmod } from 'node:fs/promises';
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
import type { Certificates } from '../tls/certificates.ts';
import type { Answered } from './check-handler.ts';
import { prepareSocket } from './prepare-socket.ts';
import { addReflection } from './reflection.ts';
import { RenewedCredentials } from './renewed-credentials.ts';
import { authorizationService, type ReceivedCheck } from './wire/authorization-service.ts';
import type { CheckResponse } from './wire/generated/envoy/service/auth/v3/CheckResponse.ts';

export interface CheckServerOptions {
  readonly address: { readonly host: string; readonly port: number } | { readonly socket: string };
  readonly handle: (received: ReceivedCheck) => Answered;
  readonly bodyBytesMax: number;
  /** What Envoy gets while nothing can be decided: a denial, or an error that leaves it to failure_mode_allow (B22). */
  readonly unreadyAnswer: 'deny' | 'error';
  /** Answers grpc.reflection to whoever asks. */
  readonly reflection: boolean;
  /** Absent: no TLS. With a client CA in it, only its clients are answered. */
  readonly tls?: Certificates | undefined;
  /** Told of what is not as it should be with the socket's folder. */
  readonly warn: (fields: object, message: string) => void;
}

export interface CheckServer {
  /** The port that is listened on; undefined for a socket. */
  readonly port: number | undefined;
  setServing(serving: boolean): void;
  /** Takes no new call, waits for those under way up to the limit, then ends them. */
  close(drainMs: number): Promise<void>;
}

/** A CheckRequest is the body and what stands around it: headers, addresses, metadata. */
const aroundBodyBytes = 256 * 1024;
/** More than the concurrent calls of one Envoy worker by default, and still a bound (T17). */
const concurrentStreamsMax = 4096;
/** Memory of one HTTP/2 session in MB: room for some dozens of full bodies at once. */
const sessionMemoryMb = 512;

const serviceName = 'envoy.service.auth.v3.Authorization';

/** Listens for Envoy. Rejects with an Error that names the setting to change where the address can't be had. */
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
  server.addService(authorizationService(), { Check: unary(options) });
  if (options.reflection) {
    addReflection(server);
  }
  const port = await bind(server, options);
  return {
    port,
    setServing: serving => {
      for (const name of ['', serviceName]) {
        health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
      }
    },
    close: drainMs => drain(server, drainMs),
  };
}

function unary({ handle, unreadyAnswer }: CheckServerOptions) {
  return (call: ServerUnaryCall<ReceivedCheck, CheckResponse>, callback: sendUnaryData<CheckResponse>) => {
    const { decision, response } = handle(call.request);
    const undecided = decision.reason === 'not_ready' || decision.reason === 'stale';
    if (undecided && unreadyAnswer === 'error') {
      callback({ code: status.UNAVAILABLE, details: decision.reason });
    } else {
      callback(null, response);
    }
  };
}

async function bind(server: Server, { address, tls, warn }: CheckServerOptions): Promise<number | undefined> {
  if (!('socket' in address)) {
    return bindTo(server, `${bracketed(address.host)}:${address.port}`, tls);
  }
  await prepareSocket(address.socket, warn);
  // Between its making and the chmod, a socket has what the process's mask leaves it.
  const mask = process.umask(0o077);
  try {
    await bindTo(server, `unix:${address.socket}`, undefined);
  } finally {
    process.umask(mask);
  }
  await chmod(address.socket, 0o660);
  return undefined;
}

function bindTo(server: Server, target: string, tls: Certificates | undefined): Promise<number> {
  const credentials = tls ? new RenewedCredentials(tls) : ServerCredentials.createInsecure();
  return new Promise((resolve, reject) => {
    server.bindAsync(target, credentials, (error, bound) =>
      error ? reject(new Error(bindFault(target, error))) : resolve(bound),
    );
  });
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function bindFault(target: string, error: Error): string {
  const why = error.message.includes('EADDRINUSE')
    ? 'is taken by another process'
    : `can't be listened on (${error.message})`;
  return `${target} ${why}: free it, or name another address with --check-listen (MODELGATE_CHECK_LISTEN)`;
}

function drain(server: Server, drainMs: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      // Connections that have not come through a handshake are in no list, and would be waited for.
      resolve();
    }, drainMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
