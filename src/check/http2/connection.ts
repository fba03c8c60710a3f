import type { Socket } from 'node:net';
import { FrameReader } from './frame-reader.ts';
import {
  defaultFrameBytesMax,
  ErrorCode,
  Flag,
  FrameType,
  frameHeaderBytes,
  preface,
  readUint31,
  windowMax,
} from './frames.ts';
import { HeaderBlock } from './header-block.ts';
import {
  connectionWindowBytes,
  controlFramesBurst,
  controlFramesPerAnswer,
  controlFramesPerSecond,
  faultsBurst,
  faultsPerSecond,
  outputBytesMax,
  partialMsMax,
  resetsBurst,
  resetsPerSecond,
  streamMsMax,
  streamsMax,
  streamWindowBytes,
  unsentBytesMax,
} from './limits.ts';
import type { Output } from './output.ts';
import { areTrailers, type RequestHead } from './request-head.ts';
import { type HeadFault, RequestHeads } from './request-heads.ts';
import { Sender } from './sender.ts';
import { applySettings } from './settings.ts';
import { Stream } from './stream.ts';
import { TokenBucket } from './token-bucket.ts';

/** What is done with the streams of a connection, whose bodies it gets as they come. */
export interface StreamHandler<Call> {
  /** Bytes came, and all that is in them is handled now. */
  begin(): void;
  /** A request has begun. */
  open(stream: Stream<Call>): void;
  /** Bytes of its body, maybe none, which may be reused after the call; with `isLast` the request is complete. */
  data(stream: Stream<Call>, bytes: Buffer, start: number, end: number, isLast: boolean): void;
  /** Nobody waits for the answer any more; also after the last byte of it. */
  gone(stream: Stream<Call>): void;
  /** The connection is to end: streams that would stay open are brought to their end. */
  ending(): void;
}

export interface ConnectionOptions<Call> {
  readonly socket: Socket;
  readonly output: Output;
  readonly handler: (connection: Http2Connection<Call>) => StreamHandler<Call>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

const nothing = Buffer.alloc(0);
/** Of streams that we reset: more than may be on their way at once where we are not attacked. */
const latelyMax = 1024;

const noHead: RequestHead = {
  method: '',
  path: '',
  contentType: '',
  contentLength: undefined,
  timeoutMs: undefined,
};

/**
 * The server's side of one HTTP/2 connection (RFC 9113): reads frames, keeps the streams' states, and holds the peer to
 * the protocol and to our limits. All of it happens within the turn of the event loop that brought the bytes.
 */
export class Http2Connection<Call> {
  readonly sender: Sender<Call>;
  readonly #socket: Socket;
  readonly #handler: StreamHandler<Call>;
  readonly #clock: () => number;
  readonly #frames = new FrameReader(defaultFrameBytesMax, (bytes, at, end) => this.#take(bytes, at, end));
  readonly #heads = new RequestHeads();
  readonly #block = new HeaderBlock();
  readonly #streams = new Map<number, Stream<Call>>();
  /** The newest stream, kept out of the map: most are answered before the next one begins. Closed while its id is 0. */
  #fresh = new Stream<Call>(noHead);
  #prefaceBytes = 0;
  #lastStreamId = 0;
  /** Above it nothing is taken once we are ending; what GOAWAY says of that never grows (RFC 9113, 6.8). */
  #lastTakenId = windowMax;
  /** Ids between these two were passed over, and can't be opened any more (RFC 9113, 5.1.1). */
  #skippedFrom = 0;
  #skippedTo = 0;
  /** Streams that we reset a moment ago: what is on its way for them is ignored (RFC 9113, 5.1). */
  readonly #lately = new Set<number>();
  #isFirstFrame = true;
  #isEnding = false;
  #isOver = false;
  #isInTurn = false;
  #usedWindow = 0;
  #now: number;
  /** Since when a frame, a header block or the preface is not whole; 0: it is. */
  #partialSince: number;
  /** What that is: the number of the cut frame, or less than 0 the stream whose header block is open; 0: the preface. */
  #partial = 0;
  /** Bytes that were written, of which some were not taken by then; and when that was. 0: all were taken. */
  #untakenUpTo = 0;
  #untakenSince = 0;
  readonly #controlFrames: TokenBucket;
  readonly #resets: TokenBucket;
  readonly #faults: TokenBucket;

  constructor({ socket, output, handler, now }: ConnectionOptions<Call>) {
    this.#socket = socket;
    this.#clock = now;
    this.#now = now();
    this.#partialSince = this.#now;
    this.#controlFrames = new TokenBucket(controlFramesPerSecond, controlFramesBurst, this.#now);
    this.#resets = new TokenBucket(resetsPerSecond, resetsBurst, this.#now);
    this.#faults = new TokenBucket(faultsPerSecond, faultsBurst, this.#now);
    this.sender = new Sender(socket, output);
    this.sender.onSent = stream => this.#close(stream);
    this.#handler = handler(this);
    this.sender.greet();
  }

  /** When the bytes at hand were read, in milliseconds of the monotonic clock. */
  get now(): number {
    return this.#now;
  }

  /** Calls that are not answered to their end. */
  get openStreams(): number {
    return this.#streams.size + (this.#fresh.id === 0 ? 0 : 1);
  }

  /** Takes what the socket brought, and writes what there is to say to it. */
  receive(chunk: Buffer): void {
    if (this.#isOver) {
      return;
    }
    this.#beginTurn();
    this.#handler.begin();
    const at = this.#readPreface(chunk);
    if (at !== -1 && !this.#frames.read(chunk, at) && !this.#isOver) {
      this.#fail(ErrorCode.frameSizeError);
    }
    this.#notePartial();
    this.#finishTurn();
  }

  /** Looks for what takes too long (T18), from time to time. */
  sweep(): void {
    this.#beginTurn();
    if (this.#isStalled()) {
      // Nothing that we say would be read.
      this.drop();
      this.#socket.destroy();
      return;
    }
    // Of a peer that is behind with reading, nothing is read: what is late may be here already.
    if (!this.#isOver && !this.#socket.isPaused()) {
      this.#endWhatIsLate();
    }
    this.#finishTurn();
  }

  /** Asks the peer to open no more streams here; those that are on their way are answered (RFC 9113, 6.8; T19). */
  goAway(): void {
    if (!this.#isOver) {
      this.sender.goAway(windowMax, ErrorCode.noError);
      this.sender.flush();
    }
  }

  /** Takes no stream any more, and ends when the last one is answered. */
  end(): void {
    if (this.#isOver) {
      return;
    }
    this.#beginTurn();
    this.#isEnding = true;
    this.#lastTakenId = this.#lastStreamId;
    this.#handler.ending();
    this.sender.goAway(this.#lastTakenId, ErrorCode.noError);
    this.#finishTurn();
  }

  /** The answer of a stream is written to its end. */
  answered(stream: Stream<Call>): void {
    this.#close(stream);
  }

  /** Ends a stream with an error of ours. */
  resetStream(stream: Stream<Call>, code: ErrorCode): void {
    this.sender.forget(stream);
    this.#reset(stream.id, code);
    this.#close(stream);
  }

  /** An answer that consists of header fields; what is still to come of the request is asked to stay away (RFC 9113, 8.1). */
  refuse(stream: Stream<Call>, fields: readonly (readonly [string, string])[]): void {
    this.sender.forget(stream);
    this.sender.sendHeadersOnly(stream.id, fields);
    if (!stream.requestEnded) {
      this.#reset(stream.id, ErrorCode.noError);
    }
    this.#close(stream);
  }

  /** Something was said that is no answer to one check: written at once outside a turn of this connection, and bounded within. */
  settle(): void {
    if (!this.#isInTurn) {
      this.#finishTurn();
    } else if (this.sender.unsentBytes + this.sender.bytes.at + this.#socket.writableLength > unsentBytesMax) {
      this.#fail(ErrorCode.enhanceYourCalm);
    }
  }

  /** The time runs anew with each frame: a peer that sends without a pause is always within one. */
  #notePartial(): void {
    const { isWithinFrame, cuts } = this.#frames;
    if (!isWithinFrame && !this.#block.isOpen && !this.#isFirstFrame) {
      this.#partialSince = 0;
      return;
    }
    const partial = this.#isFirstFrame ? 0 : this.#block.isOpen ? -this.#block.streamId : cuts;
    if (this.#partialSince === 0 || partial !== this.#partial) {
      this.#partialSince = this.#now;
      this.#partial = partial;
    }
  }

  #endWhatIsLate(): void {
    if (this.#partialSince > 0 && this.#now - this.#partialSince > partialMsMax) {
      this.#fail(ErrorCode.enhanceYourCalm);
    }
    for (const stream of this.#allStreams()) {
      const isLate = this.#now - stream.openedAt > streamMsMax;
      if (isLate && (!stream.requestEnded || stream.unsent !== undefined)) {
        this.resetStream(stream, ErrorCode.cancel);
      }
    }
  }

  /** Whether the peer has not taken for too long what was written, after an error too. */
  #isStalled(): boolean {
    const { writableLength, bytesWritten } = this.#socket;
    if (writableLength === 0) {
      this.#untakenUpTo = 0;
      return false;
    }
    if (bytesWritten - writableLength >= this.#untakenUpTo) {
      this.#untakenUpTo = bytesWritten;
      this.#untakenSince = this.#now;
    }
    return this.#now - this.#untakenSince > streamMsMax;
  }

  #readPreface(chunk: Buffer): number {
    let at = 0;
    for (; this.#prefaceBytes < preface.length && at < chunk.length; at += 1) {
      if (chunk[at] !== preface[this.#prefaceBytes]) {
        this.#fail(ErrorCode.protocolError);
        return -1;
      }
      this.#prefaceBytes += 1;
    }
    return at;
  }

  #take(bytes: Buffer, at: number, end: number): boolean {
    const type = bytes[at + 3] as number;
    const flags = bytes[at + 4] as number;
    const streamId = readUint31(bytes, at + 5);
    const start = at + frameHeaderBytes;
    if (this.#block.isOpen && (type !== FrameType.continuation || streamId !== this.#block.streamId)) {
      return this.#fail(ErrorCode.protocolError);
    }
    if (type === FrameType.headers) {
      return this.#isFirstFrame
        ? this.#fail(ErrorCode.protocolError)
        : this.#takeHeaders(bytes, start, end, flags, streamId);
    }
    if (type === FrameType.data) {
      return this.#takeData(bytes, start, end, flags, streamId);
    }
    if (this.#isFirstFrame && (type !== FrameType.settings || (flags & Flag.ack) !== 0)) {
      return this.#fail(ErrorCode.protocolError);
    }
    this.#isFirstFrame = false;
    return this.#takeControl(type, flags, streamId, bytes, start, end);
  }

  /** RFC 9113, 6.2 and 6.10. */
  #takeHeaders(bytes: Buffer, start: number, end: number, flags: number, streamId: number): boolean {
    const from = start + ((flags & Flag.padded) !== 0 ? 1 : 0) + ((flags & Flag.priority) !== 0 ? 5 : 0);
    if (from > end) {
      return this.#fail(ErrorCode.frameSizeError);
    }
    const to = end - ((flags & Flag.padded) !== 0 ? (bytes[start] as number) : 0);
    if (streamId % 2 === 0 || from > to) {
      return this.#fail(ErrorCode.protocolError);
    }
    if ((flags & Flag.priority) !== 0 && readUint31(bytes, from - 5) === streamId) {
      return this.#fail(ErrorCode.protocolError);
    }
    const endStream = (flags & Flag.endStream) !== 0;
    if ((flags & Flag.endHeaders) !== 0) {
      return this.#takeBlock(streamId, endStream, bytes, from, to);
    }
    return this.#block.open(streamId, endStream, bytes, from, to) || this.#fail(ErrorCode.enhanceYourCalm);
  }

  #takeContinuation(bytes: Buffer, start: number, end: number, flags: number): boolean {
    const block = this.#block;
    if (!block.isOpen) {
      return this.#fail(ErrorCode.protocolError);
    }
    if (!block.add(bytes, start, end)) {
      return this.#fail(ErrorCode.enhanceYourCalm);
    }
    if ((flags & Flag.endHeaders) === 0) {
      return true;
    }
    const { streamId, endStream } = block;
    const whole = block.close();
    return this.#takeBlock(streamId, endStream, whole, 0, whole.length);
  }

  /** A whole header block: a request's beginning or its trailers. It is decoded in any case, so that the table stays right. */
  #takeBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): boolean {
    if (streamId > this.#lastStreamId) {
      const head = this.#heads.read(bytes, start, end);
      return isFatal(head) ? this.#fail(fatalCode(head)) : this.#open(streamId, endStream, head);
    }
    const fields = this.#heads.readFields(bytes, start, end);
    if (isFatal(fields)) {
      return this.#fail(fatalCode(fields));
    }
    const stream = this.#find(streamId);
    if (stream === undefined) {
      const wasSkipped = streamId > this.#skippedFrom && streamId < this.#skippedTo;
      const code = wasSkipped ? ErrorCode.protocolError : ErrorCode.streamClosed;
      return this.#isEnding || this.#lately.has(streamId) || this.#fail(code);
    }
    if (stream.requestEnded) {
      return this.#fault(stream, ErrorCode.streamClosed);
    }
    if (!endStream || typeof fields === 'string' || !areTrailers(fields)) {
      return this.#fault(stream, ErrorCode.protocolError);
    }
    return this.#takeBody(stream, bytes, end, end, true);
  }

  #open(streamId: number, endStream: boolean, head: RequestHead | HeadFault): boolean {
    if (streamId > this.#lastStreamId + 2) {
      this.#skippedFrom = this.#lastStreamId;
      this.#skippedTo = streamId;
    }
    this.#lastStreamId = streamId;
    if (this.#isEnding) {
      return true;
    }
    if (typeof head === 'string' || this.openStreams >= streamsMax) {
      this.#reset(streamId, typeof head === 'string' ? ErrorCode.protocolError : ErrorCode.refusedStream);
      // One stream too many may be honest: we say how many there may be, and the peer hears it later.
      return typeof head === 'string'
        ? this.#countFault()
        : this.#resets.take(this.#now) || this.#fail(ErrorCode.enhanceYourCalm);
    }
    if (this.#fresh.id !== 0) {
      this.#streams.set(this.#fresh.id, this.#fresh);
      this.#fresh = new Stream(head);
    }
    const stream = this.#fresh;
    stream.reopen(streamId, head, this.#now);
    this.#handler.open(stream);
    if (this.#isOver) {
      return false;
    }
    return !endStream || stream.id !== streamId || this.#takeBody(stream, nothing, 0, 0, true);
  }

  /** RFC 9113, 6.1. */
  #takeData(bytes: Buffer, start: number, end: number, flags: number, streamId: number): boolean {
    const padded = (flags & Flag.padded) !== 0;
    const from = padded ? start + 1 : start;
    // Without its first byte, padding has no length: what would be read there is another frame's, or nothing.
    const to = padded && from <= end ? end - (bytes[start] as number) : end;
    if (from > to || this.#isIdle(streamId)) {
      return this.#fail(ErrorCode.protocolError);
    }
    const endStream = (flags & Flag.endStream) !== 0;
    if (to === from && !endStream && !this.#controlFrames.take(this.#now)) {
      return this.#fail(ErrorCode.enhanceYourCalm);
    }
    if (!this.#useWindow(end - start)) {
      return this.#fail(ErrorCode.flowControlError);
    }
    const stream = this.#find(streamId);
    if (stream === undefined || stream.requestEnded) {
      return this.#dataAfterEnd(streamId, stream);
    }
    stream.received += to - from;
    stream.used += end - start;
    if (stream.used > streamWindowBytes) {
      return this.#fault(stream, ErrorCode.flowControlError);
    }
    if (!this.#takeBody(stream, bytes, from, to, endStream)) {
      return false;
    }
    if (stream.id === streamId && !endStream && stream.used > streamWindowBytes / 2) {
      this.sender.openWindow(streamId, stream.used);
      stream.used = 0;
    }
    return true;
  }

  #dataAfterEnd(streamId: number, stream: Stream<Call> | undefined): boolean {
    if (stream !== undefined) {
      return this.#fault(stream, ErrorCode.streamClosed);
    }
    if (this.#isEnding || this.#lately.has(streamId)) {
      return true;
    }
    this.#reset(streamId, ErrorCode.streamClosed);
    return this.#countFault();
  }

  #takeBody(stream: Stream<Call>, bytes: Buffer, start: number, end: number, isLast: boolean): boolean {
    const { contentLength } = stream.head;
    // What was announced must come, no less and no more (RFC 9113, 8.1.1).
    if (
      contentLength !== undefined &&
      (stream.received > contentLength || (isLast && stream.received < contentLength))
    ) {
      return this.#fault(stream, ErrorCode.protocolError);
    }
    stream.requestEnded = isLast;
    this.#handler.data(stream, bytes, start, end, isLast);
    return !this.#isOver;
  }

  #takeControl(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): boolean {
    if (type === FrameType.rstStream) {
      return this.#takeReset(streamId, end - start);
    }
    if (!this.#controlFrames.take(this.#now)) {
      return this.#fail(ErrorCode.enhanceYourCalm);
    }
    switch (type) {
      case FrameType.windowUpdate:
        return this.#takeWindowUpdate(streamId, bytes, start, end);
      case FrameType.settings:
        return this.#takeSettings(streamId, flags, bytes, start, end);
      case FrameType.ping:
        return this.#takePing(streamId, flags, bytes, start, end);
      case FrameType.continuation:
        return this.#takeContinuation(bytes, start, end, flags);
      case FrameType.priority:
        return this.#takePriority(streamId, bytes, start, end);
      case FrameType.goaway:
        return (streamId === 0 && end - start >= 8) || this.#fail(ErrorCode.protocolError);
      case FrameType.pushPromise:
        return this.#fail(ErrorCode.protocolError);
      default:
        // A kind that we don't know means nothing to us (RFC 9113, 4.1).
        return true;
    }
  }

  /** RFC 9113, 6.4. What is answered already costs nothing more; what is not is dropped. */
  #takeReset(streamId: number, length: number): boolean {
    if (length !== 4) {
      return this.#fail(ErrorCode.frameSizeError);
    }
    if (this.#isIdle(streamId)) {
      return this.#fail(ErrorCode.protocolError);
    }
    if (!this.#resets.take(this.#now)) {
      return this.#fail(ErrorCode.enhanceYourCalm);
    }
    const stream = this.#find(streamId);
    if (stream !== undefined) {
      this.sender.forget(stream);
      this.#close(stream);
    }
    return true;
  }

  /** RFC 9113, 6.9. */
  #takeWindowUpdate(streamId: number, bytes: Buffer, start: number, end: number): boolean {
    if (end - start !== 4) {
      return this.#fail(ErrorCode.frameSizeError);
    }
    if (streamId !== 0 && this.#isIdle(streamId)) {
      return this.#fail(ErrorCode.protocolError);
    }
    const stream = streamId === 0 ? undefined : this.#find(streamId);
    if (streamId !== 0 && stream === undefined) {
      return true;
    }
    const increment = readUint31(bytes, start);
    const isRight = increment > 0 && this.sender.widen(stream, increment);
    if (isRight) {
      return true;
    }
    const code = increment === 0 ? ErrorCode.protocolError : ErrorCode.flowControlError;
    return stream === undefined ? this.#fail(code) : this.#fault(stream, code);
  }

  /** RFC 9113, 6.5. */
  #takeSettings(streamId: number, flags: number, bytes: Buffer, start: number, end: number): boolean {
    const isAck = (flags & Flag.ack) !== 0;
    if (streamId !== 0) {
      return this.#fail(ErrorCode.protocolError);
    }
    if ((end - start) % 6 !== 0 || (isAck && end > start)) {
      return this.#fail(ErrorCode.frameSizeError);
    }
    if (isAck) {
      return true;
    }
    // Acknowledged first: what is sent from here on goes by the new values.
    this.sender.acknowledgeSettings();
    const fault = applySettings(this.sender, () => this.#allStreams(), bytes, start, end);
    return fault === undefined || this.#fail(fault);
  }

  /** RFC 9113, 6.7. */
  #takePing(streamId: number, flags: number, bytes: Buffer, start: number, end: number): boolean {
    if (end - start !== 8) {
      return this.#fail(ErrorCode.frameSizeError);
    }
    if (streamId !== 0) {
      return this.#fail(ErrorCode.protocolError);
    }
    if ((flags & Flag.ack) === 0) {
      this.sender.acknowledgePing(bytes, start);
    }
    return true;
  }

  /** RFC 9113, 6.3: priorities are deprecated, and only held to their form. */
  #takePriority(streamId: number, bytes: Buffer, start: number, end: number): boolean {
    if (streamId === 0) {
      return this.#fail(ErrorCode.protocolError);
    }
    if (end - start !== 5 || readUint31(bytes, start) === streamId) {
      const code = end - start !== 5 ? ErrorCode.frameSizeError : ErrorCode.protocolError;
      const stream = this.#find(streamId);
      if (stream !== undefined) {
        return this.#fault(stream, code);
      }
      if (this.#isIdle(streamId)) {
        return this.#fail(code);
      }
      this.#reset(streamId, code);
      return this.#countFault();
    }
    return true;
  }

  /** Counts received bytes against the connection's window, and gives them back in large pieces. */
  #useWindow(bytes: number): boolean {
    this.#usedWindow += bytes;
    if (this.#usedWindow > connectionWindowBytes) {
      return false;
    }
    if (this.#usedWindow > connectionWindowBytes / 2) {
      this.sender.openWindow(0, this.#usedWindow);
      this.#usedWindow = 0;
    }
    return true;
  }

  /** Nobody has opened it, so nothing may be said on it, by either side (RFC 9113, 5.1 and 6.4). Even ones would be ours. */
  #isIdle(streamId: number): boolean {
    return streamId > this.#lastStreamId || streamId % 2 === 0;
  }

  #find(streamId: number): Stream<Call> | undefined {
    return this.#fresh.id === streamId ? this.#fresh : this.#streams.get(streamId);
  }

  *#allStreams(): Generator<Stream<Call>> {
    yield* this.#streams.values();
    if (this.#fresh.id !== 0) {
      yield this.#fresh;
    }
  }

  #close(stream: Stream<Call>): void {
    if (stream.id === 0) {
      return;
    }
    this.#handler.gone(stream);
    if (stream !== this.#fresh) {
      this.#streams.delete(stream.id);
    }
    stream.id = 0;
  }

  #reset(streamId: number, code: ErrorCode): void {
    this.#lately.add(streamId);
    if (this.#lately.size > latelyMax) {
      this.#lately.delete(this.#lately.values().next().value as number);
    }
    this.sender.reset(streamId, code);
  }

  /** A stream error of the peer's (RFC 9113, 5.4.2). */
  #fault(stream: Stream<Call>, code: ErrorCode): boolean {
    this.resetStream(stream, code);
    return this.#countFault();
  }

  #countFault(): boolean {
    return this.#faults.take(this.#now) || this.#fail(ErrorCode.enhanceYourCalm);
  }

  /** A connection error (RFC 9113, 5.4.1): says why, and ends. */
  #fail(code: ErrorCode): false {
    if (!this.#isOver) {
      this.#isOver = true;
      this.sender.goAway(Math.min(this.#lastStreamId, this.#lastTakenId), code);
      this.sender.flush();
      this.drop();
      // What else it sends is not even read: whoever floods us waits until the connection is closed.
      this.#socket.pause();
      this.#socket.end();
    }
    return false;
  }

  /** The connection is gone, or about to be: nothing more is answered. */
  drop(): void {
    this.#isOver = true;
    for (const stream of [...this.#allStreams()]) {
      this.sender.forget(stream);
      this.#close(stream);
    }
  }

  #beginTurn(): void {
    this.#now = this.#clock();
    this.#isInTurn = true;
  }

  #finishTurn(): void {
    this.#isInTurn = false;
    if (this.#isOver) {
      // All that may be said is said; what is left must not reach the next connection.
      this.sender.discard();
      return;
    }
    this.#controlFrames.give(this.sender.takeDataFrames() * controlFramesPerAnswer);
    if (this.sender.unsentBytes > unsentBytesMax) {
      this.#fail(ErrorCode.enhanceYourCalm);
      return;
    }
    this.sender.endTurn();
    if (this.#socket.writableLength > outputBytesMax && !this.#socket.isPaused()) {
      this.#socket.pause();
      this.#socket.once('drain', () => this.#socket.resume());
    }
    if (this.#isEnding && this.openStreams === 0) {
      this.#isOver = true;
      this.#socket.end();
    }
  }
}

/** What leaves the table of header fields unknown. */
function isFatal(read: unknown): read is 'broken' | 'bomb' {
  return read === 'broken' || read === 'bomb';
}

function fatalCode(fault: 'broken' | 'bomb'): ErrorCode {
  return fault === 'bomb' ? ErrorCode.enhanceYourCalm : ErrorCode.compressionError;
}
