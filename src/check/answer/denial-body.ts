import type { DenialReason } from '../../decision/decision.ts';
import type { DenialAnswer } from './denial-answers.ts';

/** What stands in a JSON body behind the request id. */
export const jsonBodyEnd = '"}';

/**
 * A JSON body up to the request id, which is its last member: the shape that clients of `modelservice` parse, and beside it
 * the one that SDKs in OpenAI's style show.
 */
export function jsonBodyHead(reason: DenialReason, { httpStatus, short, advice }: DenialAnswer): string {
  const withoutId = JSON.stringify({
    success: false,
    StatusCode: httpStatus,
    errors: { [short]: advice },
    error: { message: `${short}. ${advice}.`, type: errorType(httpStatus), code: reason },
    reason,
    requestId: '',
  });
  return withoutId.slice(0, -jsonBodyEnd.length);
}

/** One plain sentence, which Envoy copies into `grpc-message`. */
export function grpcBody({ short, advice }: DenialAnswer): string {
  return `${short}. ${advice}.`;
}

/** A request id as it stands in JSON: of printable ASCII, only these two need an escape. */
export function escapeRequestId(requestId: string): string {
  return requestId.includes('"') || requestId.includes('\\') ? requestId.replace(/["\\]/g, '\\$&') : requestId;
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
