/** Codes of gRPC that we answer with ourselves; what becomes of a check is no error of gRPC's, but an answer. */
export const GrpcStatus = {
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** Longest text of an error in characters: it may repeat what the caller sent, and must fit into one frame when encoded. */
const messageLengthMax = 256;

/** The header fields of an answer that is nothing but an error ("Trailers-Only" in gRPC over HTTP/2). */
export function errorFields(code: number, message: string): readonly (readonly [string, string])[] {
  return [[':status', '200'], ['content-type', 'application/grpc'], ...errorTrailers(code, message)];
}

/** What ends an answer that had begun. */
export function errorTrailers(code: number, message: string): readonly (readonly [string, string])[] {
  return [
    ['grpc-status', String(code)],
    ['grpc-message', encodeMessage(message.slice(0, messageLengthMax))],
  ];
}

/** Percent-encoded where a byte is no printable ASCII, as `grpc-message` is. */
function encodeMessage(message: string): string {
  return Array.from(Buffer.from(message, 'utf8'), byte =>
    byte < 0x20 || byte > 0x7e || byte === 0x25
      ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('');
}
