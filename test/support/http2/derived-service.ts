import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Carrier, CarrierOptions } from '../../../src/check/server/carrier.ts';
import { startGrpcJsServer } from '../../../src/check/server/grpc-js-server.ts';
import { startLeanServer } from '../../../src/check/server/lean-server.ts';
import { addReflection } from '../../../src/check/server/reflection.ts';
import type { CheckTransport } from '../check-service.ts';
import { DerivedAnswers } from './derived-answers.ts';

export interface DerivedService extends Carrier {
  readonly port: number;
  readonly answers: DerivedAnswers;
  readonly health: HealthImplementation;
  /** Faults that the transport told of. */
  readonly faults: unknown[];
}

/** A server whose answers depend on each byte of their requests, with health and reflection, over either transport. */
export async function startDerivedService(
  transport: CheckTransport,
  options: Partial<CarrierOptions> = {},
): Promise<DerivedService> {
  const answers = new DerivedAnswers();
  const faults: unknown[] = [];
  const health = new HealthImplementation({ '': 'SERVING' });
  const start = transport === 'lean' ? startLeanServer : startGrpcJsServer;
  const carrier = await start({
    address: { host: '127.0.0.1', port: 0 },
    answerer: answers,
    messageBytesMax: 1024 * 1024,
    addServices: server => {
      health.addToServer(server as Server);
      addReflection(server as Server);
    },
    failed: cause => faults.push(cause),
    warn: () => undefined,
    ...options,
  });
  return { ...carrier, port: carrier.port as number, answers, health, faults };
}
