import { createServer, type Socket } from 'node:net';
import { encodeCheckResponse } from '../data/wire.ts';
import { flags, frame, frameHeaderBytes, grpcMessage, preface, types, uint32 } from './http2-frames.ts';

/**
 * The floor of the framing: reads whole frames, looks into none, and gives each stream the same bytes. No flow control of
 * its answers, no limits, no check: nothing that serves can be quicker over node:net, so the gap to it is what we do.
 */

const window = 2 ** 30;
const maxFrameSize = 2 ** 20;

/** What is sent for a stream but for its id, which stands at the offsets. */
const answer = answerTemplate();

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
createServer({ noDelay: true }, serve).listen(port, '127.0.0.1');

function serve(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  let prefaceLeft = preface.length;
  let received = 0;
  const settings = Buffer.concat([setting(3, 2 ** 20), setting(4, window), setting(5, maxFrameSize)]);
  socket.write(Buffer.concat([frame(types.settings, 0, 0, settings), frame(types.windowUpdate, 0, 0, uint32(window))]));
  socket.on('error', () => socket.destroy());
  socket.on('data', chunk => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const out: Buffer[] = [];
    let at = Math.min(prefaceLeft, bytes.length);
    prefaceLeft -= at;
    while (bytes.length - at >= frameHeaderBytes) {
      const end = at + frameHeaderBytes + bytes.readUIntBE(at, 3);
      if (end > bytes.length) {
        break;
      }
      received += end - at;
      const [type, flag = 0] = [bytes[at + 3], bytes[at + 4]];
      if (type === types.data && flag & flags.endStream) {
        out.push(answerFor(bytes.readUInt32BE(at + 5)));
      } else if (type === types.settings && !(flag & flags.ack)) {
        out.push(frame(types.settings, flags.ack, 0, Buffer.alloc(0)));
      } else if (type === types.ping && !(flag & flags.ack)) {
        out.push(frame(types.ping, flags.ack, 0, bytes.subarray(at + frameHeaderBytes, end)));
      }
      at = end;
    }
    rest = bytes.subarray(at);
    if (received > window / 4) {
      out.push(frame(types.windowUpdate, 0, 0, uint32(received)));
      received = 0;
    }
    if (out.length > 0) {
      socket.write(out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out));
    }
  });
}

function answerFor(stream: number): Buffer {
  const bytes = Buffer.from(answer.bytes);
  for (const at of answer.streamIdAt) {
    bytes.writeUInt32BE(stream, at);
  }
  return bytes;
}

/** As many headers as an allowed call gets. */
function answerTemplate(): { readonly bytes: Buffer; readonly streamIdAt: readonly number[] } {
  const names = ['model', 'target', 'project', 'principal', 'principal-kind', 'key-id', 'permission'];
  const headers = names.map(name => ({ header: { key: `x-modelgate-${name}`, value: 'value-of-0000000' } }));
  const response = { status: { code: 0 }, ok_response: { headers, headers_to_remove: ['authorization', 'x-api-key'] } };
  const message = grpcMessage(encodeCheckResponse(response));
  const parts = [
    // :status 200 by its place in the static table (RFC 7541, appendix A); the others in full.
    frame(
      types.headers,
      flags.endHeaders,
      0,
      Buffer.concat([Buffer.of(0x88), literal('content-type', 'application/grpc')]),
    ),
    frame(types.data, 0, 0, message),
    frame(types.headers, flags.endHeaders | flags.endStream, 0, literal('grpc-status', '0')),
  ];
  const [headersBytes = 0, dataBytes = 0] = parts.map(({ length }) => length);
  return { bytes: Buffer.concat(parts), streamIdAt: [5, headersBytes + 5, headersBytes + dataBytes + 5] };
}

/** A header without indexing and without Huffman codes (RFC 7541, section 6.2.2). */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
}

function setting(id: number, value: number): Buffer {
  return Buffer.concat([Buffer.of(0, id), uint32(value)]);
}
