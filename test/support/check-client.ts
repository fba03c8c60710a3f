import { type ChannelCredentials, type ClientUnaryCall, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadAuthorizationPackage } from '../../src/check/wire/authorization-service.ts';
import type { HeaderValueOption__Output } from '../../src/check/wire/generated/envoy/config/core/v3/HeaderValueOption.ts';
import type { CheckRequest } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckRequest.ts';
import type { CheckResponse__Output } from '../../src/check/wire/generated/envoy/service/auth/v3/CheckResponse.ts';

export interface CheckClient {
  check(request: CheckRequest): Promise<CheckResponse__Output>;
  /** Sends bytes in place of a CheckRequest. */
  checkBytes(bytes: Buffer): Promise<CheckResponse__Output>;
  close(): void;
}

/** A gRPC client of the check service, as Envoy is one; without TLS unless told so. */
export function checkClient(port: number, channel: ChannelCredentials = credentials.createInsecure()): CheckClient {
  const { Authorization } = loadAuthorizationPackage();
  const client = new Authorization(`127.0.0.1:${port}`, channel, {
    'grpc.max_send_message_length': -1,
    // An address is no server name in TLS, and Node.js 26 refuses it.
    'grpc.ssl_target_name_override': 'localhost',
  });
  const { Check } = Authorization.service;
  const unary = <T>(serialize: (value: T) => Buffer, value: T): Promise<CheckResponse__Output> =>
    new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, response?: CheckResponse__Output) =>
        error ? reject(error) : resolve(response as CheckResponse__Output);
      const call: ClientUnaryCall = client.makeUnaryRequest(
        Check.path,
        serialize,
        Check.responseDeserialize,
        value,
        done,
      );
      call.on('error', () => undefined);
    });
  return {
    check: request => unary(Check.requestSerialize, request),
    checkBytes: bytes => unary((same: Buffer) => same, bytes),
    close: () => client.close(),
  };
}

export interface CallOptions {
  readonly accessKey?: string;
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly body?: string;
  readonly pin?: string;
}

/** A check as Envoy sends it with its default settings: plain headers and `raw_body`. */
export function modelCall(options: CallOptions = {}): CheckRequest {
  const { accessKey, bearer, headers = {}, path = '/model', pin } = options;
  const body = options.body ?? JSON.stringify(accessKey === undefined ? { request: {} } : { accessKey, request: {} });
  return {
    attributes: {
      source: { address: { socketAddress: { address: '10.1.2.3', portValue: 51234 } } },
      request: {
        http: {
          method: 'POST',
          path,
          headers: {
            ':method': 'POST',
            ':path': path,
            'content-type': 'application/json',
            'x-request-id': 'request-1',
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
            ...headers,
          },
          rawBody: Buffer.from(body),
          size: Buffer.byteLength(body),
        },
      },
      contextExtensions: pin === undefined ? {} : { modelgate_model: pin },
    },
  };
}

/** Headers that an answer sets, by name. */
export function headersOf(options: readonly HeaderValueOption__Output[] | undefined): Record<string, string> {
  return Object.fromEntries((options ?? []).map(({ header }) => [header?.key ?? '', header?.value ?? '']));
}
