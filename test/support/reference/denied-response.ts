import { type DenialAnswer, denialAnswers } from '../../../src/check/answer/denial-answers.ts';
import type { HeaderValueOption } from '../../../src/check/wire/generated/envoy/config/core/v3/HeaderValueOption.ts';
import type { CheckResponse } from '../../../src/check/wire/generated/envoy/service/auth/v3/CheckResponse.ts';
import type { Deny } from '../../../src/decision/decision.ts';
import { dynamicMetadata } from './dynamic-metadata.ts';
import { overwrite } from './header-option.ts';

/** To whom the denial goes. */
export interface DeniedCall {
  readonly requestId: string;
  readonly isGrpc: boolean;
}

/** Refuses the call in the shape that the caller's client reads: JSON, or gRPC's status and message. */
export function deniedResponse(deny: Deny, call: DeniedCall): CheckResponse {
  const answer = denialAnswers[deny.reason];
  return {
    status: { code: answer.grpcStatus },
    deniedResponse: {
      status: { code: answer.httpStatus },
      headers: headersOf(deny, answer, call),
      body: call.isGrpc ? `${answer.short}. ${answer.advice}.` : jsonBody(deny, answer, call.requestId),
    },
    dynamicMetadata: dynamicMetadata(deny),
  };
}

function headersOf(deny: Deny, answer: DenialAnswer, { requestId, isGrpc }: DeniedCall): HeaderValueOption[] {
  const headers = [
    overwrite('x-modelgate-reason', deny.reason),
    isGrpc ? overwrite('grpc-status', String(answer.grpcStatus)) : overwrite('content-type', 'application/json'),
  ];
  if (requestId !== '') {
    headers.push(overwrite('x-modelgate-request-id', requestId));
  }
  if (answer.challenge !== undefined) {
    headers.push(overwrite('www-authenticate', answer.challenge));
  }
  if (answer.retryAfter !== undefined) {
    headers.push(overwrite('retry-after', String(answer.retryAfter)));
  }
  return headers;
}

/** The shape that clients of `modelservice` parse, and beside it the one that SDKs in OpenAI's style show. */
function jsonBody({ reason }: Deny, { httpStatus, short, advice }: DenialAnswer, requestId: string): string {
  return JSON.stringify({
    success: false,
    StatusCode: httpStatus,
    errors: { [short]: advice },
    error: { message: `${short}. ${advice}.`, type: errorType(httpStatus), code: reason },
    reason,
    requestId,
  });
}

function errorType(httpStatus: number): string {
  switch (httpStatus) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 503:
      return 'api_error';
    default:
      return 'invalid_request_error';
  }
}
