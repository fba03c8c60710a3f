import type { Server } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProto } from 'grpc-health-check';
import { loadAuthorizationDefinition } from '../wire/authorization-service.ts';
import { completeDescriptors } from './complete-descriptors.ts';

/** Lets gRPC tools list and describe what the server offers, by both versions of the protocol (v1 and v1alpha). */
export function addReflection(server: Server): void {
  // Fields are told by their names in the protos, not by those in JavaScript.
  const names = { keepCase: true };
  const loaded = { ...loadAuthorizationDefinition(names), ...loadSync(healthProto, names) };
  const fileDescriptorProtos = completeDescriptors(
    Object.values(loaded).flatMap(entry => (entry as { fileDescriptorProtos?: Buffer[] }).fileDescriptorProtos ?? []),
  );
  // Of a definition only its files are read.
  new ReflectionService({ all: { fileDescriptorProtos } } as unknown as PackageDefinition).addToServer(server);
}
