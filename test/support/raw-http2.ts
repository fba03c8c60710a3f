import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export const frameTypes = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, goaway: 7 } as const;
export const endStream = 1;
export const endHeaders = 4;

export interface RawHttp2 {
  readonly socket: Socket;
  /** Every frame that came so far. */
  readonly frames: readonly Frame[];
  send(type: number, flags: number, stream: number, payload?: Buffer): void;
  close(): void;
}

/** An HTTP/2 client that sends whatever it is told, right or wrong; the connection is opened as it should be. */
export async function rawHttp2(port: number): Promise<RawHttp2> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const frames: Frame[] = [];
  let rest = Buffer.alloc(0);
  const send: RawHttp2['send'] = (type, flags, stream, payload = Buffer.alloc(0)) => {
    socket.write(encodeFrame({ type, flags, stream, payload }));
  };
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk]);
    for (let length = 9 + lengthOf(rest); rest.length >= length; length = 9 + lengthOf(rest)) {
      const frame = { type: rest[3] as number, flags: rest[4] as number, stream: rest.readUInt32BE(5) };
      frames.push({ ...frame, payload: rest.subarray(9, length) });
      rest = rest.subarray(length);
      if (frame.type === frameTypes.settings && frame.flags === 0) {
        send(frameTypes.settings, 1, 0);
      }
    }
  });
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  send(frameTypes.settings, 0, 0);
  return { socket, frames, send, close: () => socket.destroy() };
}

/** Infinite until the head of a frame is there. */
function lengthOf(bytes: Buffer): number {
  return bytes.length < 9 ? Number.POSITIVE_INFINITY : bytes.readUIntBE(0, 3);
}

export function encodeFrame({ type, flags, stream, payload }: Frame): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A header block of literals that nobody indexes (RFC 7541, 6.2.2); names and values of less than 127 bytes. */
export function headerBlock(headers: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    if (bytes.length > 126) throw new Error('too long for a test');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  };
  return Buffer.concat(headers.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}
