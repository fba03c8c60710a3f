import { loadAuthorizationPackage } from '../../src/check/wire/authorization-service.ts';

/** Envoy's messages in bytes, by the definition that the grpc-js transport serves. */
const { requestSerialize, responseSerialize } = loadAuthorizationPackage().Authorization.service.Check;

export const encodeCheckRequest = requestSerialize;
export const encodeCheckResponse = responseSerialize;
