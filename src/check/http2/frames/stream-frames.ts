import type { ConnectionState } from '../connection-state.ts';
import { connectionWindowBytes, streamsMax, streamWindowBytes } from '../limits/limits.ts';
import { areTrailers, type RequestHead } from '../request/request-head.ts';
import { type HeadFault, RequestHeads } from '../request/request-heads.ts';
import type { Stream } from '../streams/stream.ts';
import type { StreamHandler } from '../streams/stream-handler.ts';
import { ErrorCode, Flag, readUint31 } from './frames.ts';
import { HeaderBlock } from './header-block.ts';

const nothing = Buffer.alloc(0);

/** Takes the frames that streams consist of: HEADERS with its CONTINUATIONs, DATA, RST_STREAM. Each answers whether the connection goes on. */
export class StreamFrames<Call> {
  /** The header block that is not whole yet. */
  readonly block = new HeaderBlock();
  readonly #state: ConnectionState<Call>;
  readonly #handler: StreamHandler<Call>;
  readonly #heads = new RequestHeads();
  /** Bytes of the connection's window that are used up and not given back yet. */
  #usedWindow = 0;

  constructor(state: ConnectionState<Call>, handler: StreamHandler<Call>) {
    this.#state = state;
    this.#handler = handler;
  }

  /** RFC 9113, 6.2. */
  takeHeaders(bytes: Buffer, start: number, end: number, flags: number, streamId: number): boolean {
    const from = start + ((flags & Flag.padded) !== 0 ? 1 : 0) + ((flags & Flag.priority) !== 0 ? 5 : 0);
    if (from > end) {
      return this.#state.fail(ErrorCode.frameSizeError);
    }
    const to = end - ((flags & Flag.padded) !== 0 ? (bytes[start] as number) : 0);
    if (streamId % 2 === 0 || from > to) {
      return this.#state.fail(ErrorCode.protocolError);
    }
    if ((flags & Flag.priority) !== 0 && readUint31(bytes, from - 5) === streamId) {
      return this.#state.fail(ErrorCode.protocolError);
    }
    const endStream = (flags & Flag.endStream) !== 0;
    if ((flags & Flag.endHeaders) !== 0) {
      return this.#takeBlock(streamId, endStream, bytes, from, to);
    }
    return this.block.open(streamId, endStream, bytes, from, to) || this.#state.fail(ErrorCode.enhanceYourCalm);
  }

  /** RFC 9113, 6.10. */
  takeContinuation(bytes: Buffer, start: number, end: number, flags: number): boolean {
    const { block } = this;
    if (!block.isOpen) {
      return this.#state.fail(ErrorCode.protocolError);
    }
    if (!block.add(bytes, start, end)) {
      return this.#state.fail(ErrorCode.enhanceYourCalm);
    }
    if ((flags & Flag.endHeaders) === 0) {
      return true;
    }
    const { streamId, endStream } = block;
    const whole = block.close();
    return this.#takeBlock(streamId, endStream, whole, 0, whole.length);
  }

  /** RFC 9113, 6.1. */
  takeData(bytes: Buffer, start: number, end: number, flags: number, streamId: number): boolean {
    const state = this.#state;
    const padded = (flags & Flag.padded) !== 0;
    const from = padded ? start + 1 : start;
    // Without its first byte, padding has no length: what would be read there is another frame's, or nothing.
    const to = padded && from <= end ? end - (bytes[start] as number) : end;
    if (from > to || state.streams.isIdle(streamId)) {
      return state.fail(ErrorCode.protocolError);
    }
    const endStream = (flags & Flag.endStream) !== 0;
    if (to === from && !endStream && !state.rates.controlFrames.take(state.now)) {
      return state.fail(ErrorCode.enhanceYourCalm);
    }
    if (!this.#useWindow(end - start)) {
      return state.fail(ErrorCode.flowControlError);
    }
    const stream = state.streams.find(streamId);
    if (stream === undefined || stream.requestEnded) {
      return this.#dataAfterEnd(streamId, stream);
    }
    stream.received += to - from;
    stream.used += end - start;
    if (stream.used > streamWindowBytes) {
      return state.fault(stream, ErrorCode.flowControlError);
    }
    if (!this.#takeBody(stream, bytes, from, to, endStream)) {
      return false;
    }
    if (stream.id === streamId && !endStream && stream.used > streamWindowBytes / 2) {
      state.sender.openWindow(streamId, stream.used);
      stream.used = 0;
    }
    return true;
  }

  /** RFC 9113, 6.4. What is answered already costs nothing more; what is not is dropped. */
  takeReset(streamId: number, length: number): boolean {
    const state = this.#state;
    if (length !== 4) {
      return state.fail(ErrorCode.frameSizeError);
    }
    if (state.streams.isIdle(streamId)) {
      return state.fail(ErrorCode.protocolError);
    }
    if (!state.rates.resets.take(state.now)) {
      return state.fail(ErrorCode.enhanceYourCalm);
    }
    const stream = state.streams.find(streamId);
    if (stream !== undefined) {
      state.sender.forget(stream);
      state.close(stream);
    }
    return true;
  }

  /** A whole header block: a request's beginning or its trailers. It is decoded in any case, so that the table stays right. */
  #takeBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): boolean {
    const state = this.#state;
    if (streamId > state.streams.lastId) {
      const head = this.#heads.read(bytes, start, end);
      return isFatal(head) ? state.fail(fatalCode(head)) : this.#open(streamId, endStream, head);
    }
    const fields = this.#heads.readFields(bytes, start, end);
    if (isFatal(fields)) {
      return state.fail(fatalCode(fields));
    }
    const stream = state.streams.find(streamId);
    if (stream === undefined) {
      const code = state.streams.wasSkipped(streamId) ? ErrorCode.protocolError : ErrorCode.streamClosed;
      return state.isEnding || state.streams.wasReset(streamId) || state.fail(code);
    }
    if (stream.requestEnded) {
      return state.fault(stream, ErrorCode.streamClosed);
    }
    if (!endStream || typeof fields === 'string' || !areTrailers(fields)) {
      return state.fault(stream, ErrorCode.protocolError);
    }
    return this.#takeBody(stream, bytes, end, end, true);
  }

  #open(streamId: number, endStream: boolean, head: RequestHead | HeadFault): boolean {
    const state = this.#state;
    state.streams.noteBegun(streamId);
    if (state.isEnding) {
      return true;
    }
    if (typeof head === 'string') {
      return state.faultOn(streamId, ErrorCode.protocolError);
    }
    if (state.streams.size >= streamsMax) {
      // It may be honest: we say how many there may be, and the peer hears it later.
      state.reset(streamId, ErrorCode.refusedStream);
      return state.rates.resets.take(state.now) || state.fail(ErrorCode.enhanceYourCalm);
    }
    const stream = state.streams.add(streamId, head, state.now);
    this.#handler.open(stream);
    if (state.isOver) {
      return false;
    }
    return !endStream || stream.id !== streamId || this.#takeBody(stream, nothing, 0, 0, true);
  }

  #takeBody(stream: Stream<Call>, bytes: Buffer, start: number, end: number, isLast: boolean): boolean {
    const { contentLength } = stream.head;
    // What was announced must come, no less and no more (RFC 9113, 8.1.1).
    if (
      contentLength !== undefined &&
      (stream.received > contentLength || (isLast && stream.received < contentLength))
    ) {
      return this.#state.fault(stream, ErrorCode.protocolError);
    }
    stream.requestEnded = isLast;
    this.#handler.data(stream, bytes, start, end, isLast);
    return !this.#state.isOver;
  }

  #dataAfterEnd(streamId: number, stream: Stream<Call> | undefined): boolean {
    const state = this.#state;
    if (stream !== undefined) {
      return state.fault(stream, ErrorCode.streamClosed);
    }
    return state.isEnding || state.streams.wasReset(streamId) || state.faultOn(streamId, ErrorCode.streamClosed);
  }

  /** Counts received bytes against the connection's window, and gives them back in large pieces. */
  #useWindow(bytes: number): boolean {
    this.#usedWindow += bytes;
    if (this.#usedWindow > connectionWindowBytes) {
      return false;
    }
    if (this.#usedWindow > connectionWindowBytes / 2) {
      this.#state.sender.openWindow(0, this.#usedWindow);
      this.#usedWindow = 0;
    }
    return true;
  }
}

/** What leaves the table of header fields unknown. */
function isFatal(read: unknown): read is 'broken' | 'bomb' {
  return read === 'broken' || read === 'bomb';
}

function fatalCode(fault: 'broken' | 'bomb'): ErrorCode {
  return fault === 'bomb' ? ErrorCode.enhanceYourCalm : ErrorCode.compressionError;
}
