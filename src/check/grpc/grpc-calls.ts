import type { CheckAnswerer } from '../check-answerer.ts';
import type { Http2Connection } from '../http2/connection.ts';
import { readUint32 } from '../http2/frames/frames.ts';
import { literalFields } from '../http2/hpack/answer-blocks.ts';
import { type ByteBudget, ByteShare } from '../http2/limits/byte-budget.ts';
import { CollectedBytes } from '../http2/streams/collected-bytes.ts';
import type { Stream } from '../http2/streams/stream.ts';
import type { StreamHandler } from '../http2/streams/stream-handler.ts';
import { errorFields, errorTrailers, GrpcStatus } from './grpc-status.ts';
import { ServiceCall, type ServiceRegistry } from './services.ts';

export const checkPath = '/envoy.service.auth.v3.Authorization/Check';

/** Before each message: one byte that says whether it is compressed, four with its length. */
const prefixBytes = 5;
/** Longest message to health and reflection, in bytes: the name of a service, a file or a symbol. */
const serviceMessageBytesMax = 4096;
const nothing = Buffer.alloc(0);
const notOneMessage = 'the request is not one whole message';

const notGrpc = {
  head: literalFields([
    [':status', '415'],
    ['content-type', 'text/plain'],
  ]),
  body: Buffer.from('This is the check port of Modelgate: it speaks gRPC, with the content type application/grpc.\n'),
};

/** What a stream is about: a check, a call of another service, or something that is no gRPC at all. */
export type GrpcCall = 'check' | 'not_grpc' | ServiceCall;

export interface GrpcCallsOptions {
  readonly connection: Http2Connection<GrpcCall>;
  readonly answerer: CheckAnswerer;
  readonly services: ServiceRegistry;
  /** Longest message in bytes. */
  readonly messageBytesMax: number;
  /** Bytes of requests that are not complete, on all connections. */
  readonly bodies: ByteBudget;
  /** Milliseconds of the connection's clock. */
  readonly now: () => number;
}

/** The calls of one connection (gRPC over HTTP/2): from the bytes of their bodies to their answers. */
export class GrpcCalls implements StreamHandler<GrpcCall> {
  readonly #connection: Http2Connection<GrpcCall>;
  readonly #answerer: CheckAnswerer;
  readonly #services: ServiceRegistry;
  readonly #messageBytesMax: number;
  readonly #now: () => number;
  readonly #open = new Set<ServiceCall>();
  /** Bytes of requests that are not complete, on this connection. */
  readonly #bodies: ByteShare;
  /** Answers that were not handed to the socket yet. */
  #allowed = 0;
  #denied = 0;
  /** When the turn began that brought the first of them. */
  #unsentSince = 0;

  constructor({ connection, answerer, services, messageBytesMax, bodies, now }: GrpcCallsOptions) {
    this.#connection = connection;
    this.#answerer = answerer;
    this.#services = services;
    this.#messageBytesMax = messageBytesMax;
    this.#bodies = new ByteShare(bodies);
    this.#now = now;
    connection.sender.onFlush = () => this.#countSent();
  }

  begin(): void {
    this.#answerer.begin();
  }

  open(stream: Stream<GrpcCall>): void {
    const { method, path, contentType } = stream.head;
    if (path === checkPath && method === 'POST' && isGrpc(contentType)) {
      stream.call = 'check';
      this.#connection.lastUseAt = this.#connection.now;
      return;
    }
    const found = this.#services.find(path);
    if (!isGrpc(contentType) || method !== 'POST') {
      stream.call = 'not_grpc';
    } else if (found === undefined) {
      this.#refuse(stream, GrpcStatus.unimplemented, `there is no method ${path}`);
    } else {
      const call: ServiceCall = new ServiceCall(found, {
        message: (bytes, isLast) => this.#reply(stream, withPrefix(bytes), isLast),
        end: () => this.#reply(stream, nothing, true),
        fail: (code, details) => {
          this.#refuse(stream, code, details);
          this.#connection.settle();
        },
      });
      this.#open.add(call);
      stream.call = call;
    }
  }

  data(stream: Stream<GrpcCall>, bytes: Buffer, start: number, end: number, isLast: boolean): void {
    const isWhole = isLast && stream.collected === undefined && isOneMessage(bytes, start, end);
    if (isWhole && stream.call === 'check') {
      this.#check(stream, bytes, start + prefixBytes, end);
    } else if (stream.call === 'not_grpc') {
      if (isLast && this.#connection.sender.send(stream, { ...notGrpc, data: notGrpc.body, at: 0, ending: 'end' })) {
        this.#connection.close(stream);
      }
    } else {
      this.#collect(stream, bytes, start, end, isLast);
    }
  }

  gone(stream: Stream<GrpcCall>): void {
    if (stream.collected !== undefined) {
      this.#bodies.giveBack(stream.collected.length);
      stream.collected.release();
      stream.collected = undefined;
    }
    if (typeof stream.call === 'object') {
      this.#open.delete(stream.call);
      stream.call.cancel();
    }
    stream.call = undefined;
  }

  ending(): void {
    for (const call of this.#open) {
      call.end();
    }
  }

  /** Puts a body together that comes in pieces, within limits that are looked at before anything is kept (T17). */
  #collect(stream: Stream<GrpcCall>, bytes: Buffer, start: number, end: number, isLast: boolean): void {
    const collected = stream.collected ?? new CollectedBytes(end - start);
    stream.collected = collected;
    collected.add(bytes, start, end);
    if (!this.#bodies.hold(end - start)) {
      this.#refuse(stream, GrpcStatus.resourceExhausted, 'too many unfinished requests');
      return;
    }
    const call = stream.call;
    if (typeof call === 'object' && call.isStream) {
      this.#takeMessages(stream, call, collected, isLast);
    } else if (this.#isAllowed(stream, collected, 0) && isLast) {
      this.#takeOnly(stream, collected);
    }
  }

  /** Whether the message that begins there may go on, as far as it is known; it is refused if not. */
  #isAllowed(stream: Stream<GrpcCall>, { buffer, length }: CollectedBytes, at: number): boolean {
    const bytesMax =
      stream.call === 'check' ? this.#messageBytesMax : Math.min(serviceMessageBytesMax, this.#messageBytesMax);
    if (length - at < prefixBytes) {
      return true;
    }
    const announced = readUint32(buffer, at + 1);
    const isOnly = stream.call === 'check' || (typeof stream.call === 'object' && !stream.call.isStream);
    if (buffer[at] !== 0) {
      this.#refuse(stream, GrpcStatus.unimplemented, 'compressed messages are not taken');
    } else if (announced > bytesMax) {
      this.#refuse(stream, GrpcStatus.resourceExhausted, `a message may have ${bytesMax} bytes`);
    } else if (isOnly && length - prefixBytes > announced) {
      this.#refuse(stream, GrpcStatus.internal, notOneMessage);
    } else {
      return true;
    }
    return false;
  }

  /** The request is complete, and must be one message. */
  #takeOnly(stream: Stream<GrpcCall>, { buffer, length }: CollectedBytes): void {
    if (length < prefixBytes || readUint32(buffer, 1) !== length - prefixBytes) {
      this.#refuse(stream, GrpcStatus.internal, notOneMessage);
    } else if (typeof stream.call === 'object') {
      this.#takeMessage(stream, stream.call, buffer.subarray(prefixBytes, length));
    } else {
      this.#check(stream, buffer, prefixBytes, length);
    }
  }

  #takeMessages(stream: Stream<GrpcCall>, call: ServiceCall, collected: CollectedBytes, isLast: boolean): void {
    const { buffer, length } = collected;
    let at = 0;
    while (this.#isAllowed(stream, collected, at)) {
      const end = at + prefixBytes + (length - at < prefixBytes ? 0 : readUint32(buffer, at + 1));
      if (end > length) {
        break;
      }
      this.#takeMessage(stream, call, Buffer.from(buffer.subarray(at + prefixBytes, end)));
      if (stream.call !== call) {
        return;
      }
      at = end;
    }
    if (stream.call !== call) {
      return;
    }
    buffer.copyWithin(0, at, length);
    collected.length = length - at;
    this.#bodies.giveBack(at);
    if (isLast) {
      call.requestsEnded();
    }
  }

  #takeMessage(stream: Stream<GrpcCall>, call: ServiceCall, bytes: Buffer): void {
    if (!call.take(bytes)) {
      this.#refuse(stream, GrpcStatus.internal, 'the message can not be read');
    }
  }

  #check(stream: Stream<GrpcCall>, bytes: Buffer, start: number, end: number): void {
    const { sender, now } = this.#connection;
    const { timeoutMs } = stream.head;
    const isOfThisTurn = stream.openedAt === now;
    // Nobody waits for a late answer, and working on it would make the next one late (T18).
    if (timeoutMs !== undefined && !isOfThisTurn && this.#now() - stream.openedAt >= timeoutMs) {
      this.#refuse(stream, GrpcStatus.deadlineExceeded, 'the deadline has passed');
      return;
    }
    const begin = sender.beginMessage();
    const outcome = this.#answerer.answer(bytes, start, end, sender.bytes);
    const { openedAt } = stream;
    if (outcome === 'undecided') {
      sender.dropMessage(begin);
      this.#refuse(stream, GrpcStatus.unavailable, 'authorization is not ready');
    } else {
      if (this.#allowed + this.#denied === 0) {
        this.#unsentSince = now;
      }
      if (isOfThisTurn && outcome === 'allow') {
        this.#allowed += 1;
      } else if (isOfThisTurn) {
        this.#denied += 1;
      }
      if (sender.endMessage(stream, begin)) {
        this.#connection.close(stream);
      }
    }
    if (!isOfThisTurn || outcome === 'undecided') {
      this.#answerer.sent(outcome, (this.#now() - openedAt) / 1000, 1);
    }
  }

  #countSent(): void {
    if (this.#allowed + this.#denied > 0) {
      const seconds = (this.#now() - this.#unsentSince) / 1000;
      this.#answerer.sent('allow', seconds, this.#allowed);
      this.#answerer.sent('deny', seconds, this.#denied);
      this.#allowed = 0;
      this.#denied = 0;
    }
  }

  #reply(stream: Stream<GrpcCall>, data: Buffer, isLast: boolean): void {
    const head = stream.isBegun ? undefined : 'grpc';
    if (this.#connection.sender.send(stream, { head, data, at: 0, ending: isLast ? 'status_ok' : 'open' })) {
      this.#connection.close(stream);
    }
    this.#connection.settle();
  }

  #refuse(stream: Stream<GrpcCall>, code: number, message: string): void {
    this.#connection.refuse(stream, stream.isBegun ? errorTrailers(code, message) : errorFields(code, message));
  }
}

/** `application/grpc`, alone or with a suffix or parameters. */
function isGrpc(contentType: string): boolean {
  const rest = contentType.slice('application/grpc'.length, 'application/grpc'.length + 1);
  return contentType.startsWith('application/grpc') && (rest === '' || rest === '+' || rest === ';');
}

function withPrefix(message: Buffer): Buffer {
  const data = Buffer.allocUnsafe(prefixBytes + message.length);
  data[0] = 0;
  data.writeUInt32BE(message.length, 1);
  message.copy(data, prefixBytes);
  return data;
}

function isOneMessage(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= prefixBytes && bytes[start] === 0 && readUint32(bytes, start + 1) === end - start - prefixBytes;
}
