import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProto } from 'grpc-health-check';
import { loadAuthorizationDefinition } from './wire/authorization-service.ts';

/** Lets gRPC tools list and describe what the server offers, by both versions of the protocol (v1 and v1alpha). */
export function addReflection(server: Server): void {
  const definition = { ...loadAuthorizationDefinition(), ...loadSync(healthProto) };
  new ReflectionService(definition).addToServer(server);
}
