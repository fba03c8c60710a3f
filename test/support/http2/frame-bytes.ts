import { encodeFrame, headerBlock } from '../raw-http2.ts';

/** RFC 9113, 6: written down here once more, so that a wrong number in the server is not the test's as well. */
export const kind = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const bit = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;
/** RFC 9113, 7. */
export const code = {
  none: 0,
  protocol: 1,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refused: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const;
/** RFC 9113, 6.5.2. */
export const setting = { tableBytes: 1, initialWindow: 4, frameBytesMax: 5 } as const;
export const greeting = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const none = Buffer.alloc(0);

export const checkPath = '/envoy.service.auth.v3.Authorization/Check';

export function frame(type: number, flags: number, stream: number, payload: Buffer = none): Buffer {
  return encodeFrame({ type, flags, stream, payload });
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function settings(...values: readonly (readonly [id: number, value: number])[]): Buffer {
  const entries = values.map(([id, value]) => Buffer.concat([Buffer.of(0, id), uint32(value)]));
  return frame(kind.settings, 0, 0, Buffer.concat(entries));
}

export function windowUpdate(stream: number, increment: number): Buffer {
  return frame(kind.windowUpdate, 0, stream, uint32(increment));
}

export function reset(stream: number, why: number = code.cancel): Buffer {
  return frame(kind.reset, 0, stream, uint32(why));
}

export function data(stream: number, payload: Buffer, flags: number = bit.endStream): Buffer {
  return frame(kind.data, flags, stream, payload);
}

/** Padding as it may stand in HEADERS and DATA (RFC 9113, 6.1). */
export function padded(payload: Buffer, padding: number): Buffer {
  return Buffer.concat([Buffer.of(padding), payload, Buffer.alloc(padding)]);
}

/** The fields of a call, none of them indexed. */
export function callBlock(path: string, more: readonly (readonly [string, string])[] = []): Buffer {
  return headerBlock([
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'modelgate'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
    ...more,
  ]);
}

export const checkBlock = callBlock(checkPath);

export function headers(stream: number, block: Buffer = checkBlock, flags: number = bit.endHeaders): Buffer {
  return frame(kind.headers, flags, stream, block);
}

/** A message of gRPC with its prefix; a wrong length and the mark of compression can be asked for. */
export function message(bytes: Buffer, length: number = bytes.length, compressed = 0): Buffer {
  return Buffer.concat([Buffer.of(compressed), uint32(length), bytes]);
}

/** A check as Envoy sends it: its fields in one frame, its message in another. */
export function check(stream: number, request: Buffer): Buffer {
  return Buffer.concat([headers(stream), data(stream, message(request))]);
}
