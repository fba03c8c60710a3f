import { fileURLToPath } from 'node:url';
import { type GrpcObject, loadPackageDefinition, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from './generated/external_auth.ts';

/** These must be the options that the types in `generated/` are made with (package.json, `build:proto`). */
const loaderOptions: Options = { longs: Number, enums: Number, defaults: true, oneofs: true };
const protoDirectory = fileURLToPath(new URL('../../../../proto', import.meta.url));

/** Our protos, read: messages and the service by their full names. */
export function loadAuthorizationDefinition(options: Options = loaderOptions): PackageDefinition {
  return loadSync('envoy/service/auth/v3/external_auth.proto', { ...options, includeDirs: [protoDirectory] });
}

/** Envoy's package `envoy.service.auth.v3` from our protos; the client in it serves tests and tools. */
export function loadAuthorizationPackage() {
  const root = loadPackageDefinition(loadAuthorizationDefinition()) as GrpcObject & ProtoGrpcType;
  return root.envoy.service.auth.v3;
}

/** A check as it came in. */
export interface ReceivedCheck {
  readonly bytes: Buffer;
  /** `performance.now()` at its arrival, in milliseconds. */
  readonly receivedAt: number;
}

/**
 * The service's method with bytes for messages: they are read and written by whoever answers, who denies what can't be
 * read, instead of a gRPC error that `failure_mode_allow` would let pass (T5, T11).
 */
export function authorizationService(): { Check: MethodDefinition<ReceivedCheck, Buffer> } {
  const { Check } = loadAuthorizationPackage().Authorization.service;
  const doesNotCall = () => {
    throw new Error('this definition serves, it does not call');
  };
  return {
    Check: {
      ...Check,
      requestSerialize: doesNotCall,
      requestDeserialize: bytes => ({ bytes, receivedAt: performance.now() }),
      responseSerialize: bytes => bytes,
      responseDeserialize: doesNotCall,
    },
  };
}
