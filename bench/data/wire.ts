import { loadAuthorizationPackage } from '../../src/check/wire/authorization-service.ts';

/** Envoy's messages in bytes, by the definition that the grpc-js transport serves. */
const { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize } =
  loadAuthorizationPackage().Authorization.service.Check;

export const encodeCheckRequest = requestSerialize;
export const decodeCheckRequest = requestDeserialize;
export const encodeCheckResponse = responseSerialize;
export const decodeCheckResponse = responseDeserialize;
