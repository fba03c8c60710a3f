/** As much of HTTP/2's framing (RFC 9113, section 4.1) as the floors need. */
export const frameHeaderBytes = 9;
export const types = { data: 0, headers: 1, settings: 4, ping: 6, windowUpdate: 8 } as const;
export const flags = { ack: 0x1, endStream: 0x1, endHeaders: 0x4 } as const;
/** What a client says first (RFC 9113, section 3.4). */
export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export function frame(type: number, flag: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(frameHeaderBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flag;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, frameHeaderBytes);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A gRPC message with its prefix: not compressed, and its length. */
export function grpcMessage(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0), uint32(message.length), message]);
}
