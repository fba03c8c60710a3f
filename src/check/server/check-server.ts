import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { CheckAnswerer } from '../check-answerer.ts';
import type { Carrier } from './carrier.ts';
import type { CheckListenerOptions } from './check-listener.ts';
import { startLeanServer } from './lean-server.ts';

export interface CheckServerOptions extends CheckListenerOptions {
  /** Who carries checks: HTTP/2 of our own, or grpc-js. */
  readonly checkTransport: 'lean' | 'grpc-js';
  readonly answerer: CheckAnswerer;
  readonly bodyBytesMax: number;
  /** Answers grpc.reflection to whoever asks. */
  readonly reflection: boolean;
  /** Told of a fault of ours that has ended a connection. */
  readonly failed: (cause: unknown) => void;
}

export interface CheckServer extends Carrier {
  setServing(serving: boolean): void;
}

/** A CheckRequest is the body and what stands around it: headers, addresses, metadata. */
const aroundBodyBytes = 256 * 1024;

const serviceName = 'envoy.service.auth.v3.Authorization';

/** Listens for Envoy, once the address is free. Rejects with an Error that names the setting to change where it can't be had. */
export async function startCheckServer(options: CheckServerOptions): Promise<CheckServer> {
  const health = new HealthImplementation({ '': 'NOT_SERVING', [serviceName]: 'NOT_SERVING' });
  // grpc-js and what builds on it take a tenth of the process's memory: they are read where they are asked for.
  const start =
    options.checkTransport === 'lean' ? startLeanServer : (await import('./grpc-js-server.ts')).startGrpcJsServer;
  const reflection = options.reflection ? await import('./reflection.ts') : undefined;
  const carrier = await start({
    ...options,
    messageBytesMax: options.bodyBytesMax + aroundBodyBytes,
    addServices: server => {
      health.addToServer(watchingOnly(['', serviceName], server) as Server);
      reflection?.addReflection(server as Server);
    },
  });
  return {
    ...carrier,
    setServing: serving => {
      for (const name of ['', serviceName]) {
        health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
      }
    },
  };
}

/**
 * The health library keeps each name that was ever watched. Of services that are not ours nothing will ever change, so
 * whoever watches one is told once that it is unknown.
 */
function watchingOnly(names: readonly string[], server: Pick<Server, 'addService'>): Pick<Server, 'addService'> {
  return {
    addService: (service, implementation) => {
      const { watch } = implementation;
      const watchOurs = (call: { request: { service: string }; write: (message: unknown) => void }) => {
        if (names.includes(call.request.service)) {
          (watch as (call: unknown) => void)(call);
        } else {
          call.write({ status: 'SERVICE_UNKNOWN' });
        }
      };
      server.addService(service, { ...implementation, watch: watchOurs as never });
    },
  };
}
