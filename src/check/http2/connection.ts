import type { Socket } from 'node:net';
import { type ConnectionState, PeerRates } from './connection-state.ts';
import { takeControlFrame } from './frames/control-frames.ts';
import { FrameReader } from './frames/frame-reader.ts';
import {
  defaultFrameBytesMax,
  ErrorCode,
  Flag,
  FrameType,
  frameHeaderBytes,
  readUint31,
  windowMax,
} from './frames/frames.ts';
import { PrefaceReader } from './frames/preface-reader.ts';
import { StreamFrames } from './frames/stream-frames.ts';
import { controlFramesPerAnswer, outputBytesMax, streamMsMax, unsentBytesMax } from './limits/limits.ts';
import { Patience } from './limits/patience.ts';
import type { OutputPool } from './output-pool.ts';
import { Sender } from './streams/sender.ts';
import type { Stream } from './streams/stream.ts';
import type { StreamHandler } from './streams/stream-handler.ts';
import { StreamTable } from './streams/stream-table.ts';

/** As much as Node.js reads from a socket at once: where it got so much, it reads again at once. */
const readBytes = 64 * 1024;

export interface ConnectionOptions<Call> {
  readonly socket: Socket;
  readonly outputs: OutputPool;
  readonly handler: (connection: Http2Connection<Call>) => StreamHandler<Call>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/**
 * The server's side of one HTTP/2 connection (RFC 9113): gives frames to whoever takes them, and begins and ends with the
 * peer and its streams. All of it happens within the turn of the event loop that brought the bytes.
 */
export class Http2Connection<Call> implements ConnectionState<Call> {
  readonly sender: Sender<Call>;
  readonly streams = new StreamTable<Call>();
  readonly rates: PeerRates;
  /** When the peer last asked what this server is there for, by the connection's clock; 0: never. */
  lastUseAt = 0;
  readonly #socket: Socket;
  readonly #handler: StreamHandler<Call>;
  readonly #clock: () => number;
  readonly #reader = new FrameReader(defaultFrameBytesMax, (bytes, at, end) => this.#take(bytes, at, end));
  readonly #streamFrames: StreamFrames<Call>;
  readonly #patience: Patience;
  readonly #preface = new PrefaceReader();
  /** Above it nothing is taken once we are ending; what GOAWAY says of that never grows (RFC 9113, 6.8). */
  #lastTakenId = windowMax;
  /** The peer's first SETTINGS came. */
  #hasGreeted = false;
  #isEnding = false;
  #isOver = false;
  #isInTurn = false;
  #now: number;

  constructor({ socket, outputs, handler, now }: ConnectionOptions<Call>) {
    this.#socket = socket;
    this.#clock = now;
    this.#now = now();
    this.#patience = new Patience(this.#now);
    this.rates = new PeerRates(this.#now);
    this.sender = new Sender(socket, outputs);
    this.sender.onSent = stream => this.close(stream);
    this.#handler = handler(this);
    this.#streamFrames = new StreamFrames(this, this.#handler);
    this.sender.greet();
    this.sender.flush();
  }

  get now(): number {
    return this.#now;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes what the socket brought, and writes what there is to say to it. */
  receive(chunk: Buffer): void {
    if (this.#isOver) {
      return;
    }
    this.#beginTurn();
    this.#handler.begin();
    const at = this.#preface.read(chunk);
    if (at === -1) {
      this.fail(ErrorCode.protocolError);
    } else if (!this.#reader.read(chunk, at) && !this.#isOver) {
      this.fail(ErrorCode.frameSizeError);
    }
    this.#patience.notePartial(this.#reader, this.#streamFrames.block, this.#hasGreeted, this.#now);
    this.#finishTurn(chunk.length === readBytes);
  }

  /** Looks for what takes too long (T18), from time to time. */
  sweep(): void {
    this.#beginTurn();
    if (this.#patience.isStalled(this.#socket, this.#now)) {
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
    this.#lastTakenId = this.streams.lastId;
    this.#handler.ending();
    this.sender.goAway(this.#lastTakenId, ErrorCode.noError);
    this.#finishTurn();
  }

  /** The connection is gone, or about to be: nothing more is answered. */
  drop(): void {
    this.#isOver = true;
    for (const stream of [...this.streams.all()]) {
      this.sender.forget(stream);
      this.close(stream);
    }
  }

  /** Ends a stream with an error of ours. */
  resetStream(stream: Stream<Call>, code: ErrorCode): void {
    this.sender.forget(stream);
    this.reset(stream.id, code);
    this.close(stream);
  }

  /** An answer that consists of header fields; what is still to come of the request is asked to stay away (RFC 9113, 8.1). */
  refuse(stream: Stream<Call>, fields: readonly (readonly [string, string])[]): void {
    this.sender.forget(stream);
    this.sender.sendHeadersOnly(stream.id, fields);
    if (!stream.requestEnded) {
      this.reset(stream.id, ErrorCode.noError);
    }
    this.close(stream);
  }

  /** Something was said that is no answer to one check: written at once outside a turn of this connection, and bounded within. */
  settle(): void {
    if (!this.#isInTurn) {
      this.#finishTurn();
    } else if (this.sender.unsentBytes + this.sender.writtenBytes + this.#socket.writableLength > unsentBytesMax) {
      this.fail(ErrorCode.enhanceYourCalm);
    }
  }

  close(stream: Stream<Call>): void {
    if (stream.id !== 0) {
      this.#handler.gone(stream);
      this.streams.remove(stream);
    }
  }

  reset(streamId: number, code: ErrorCode): void {
    this.streams.noteReset(streamId);
    this.sender.reset(streamId, code);
  }

  fault(stream: Stream<Call>, code: ErrorCode): boolean {
    this.resetStream(stream, code);
    return this.#countFault();
  }

  faultOn(streamId: number, code: ErrorCode): boolean {
    this.reset(streamId, code);
    return this.#countFault();
  }

  fail(code: ErrorCode): false {
    if (!this.#isOver) {
      this.#isOver = true;
      this.sender.goAway(Math.min(this.streams.lastId, this.#lastTakenId), code);
      this.sender.flush();
      this.drop();
      // What else it sends is not even read: whoever floods us waits until the connection is closed.
      this.#socket.pause();
      this.#socket.end();
    }
    return false;
  }

  #take(bytes: Buffer, at: number, end: number): boolean {
    const frames = this.#streamFrames;
    const type = bytes[at + 3] as number;
    const flags = bytes[at + 4] as number;
    const streamId = readUint31(bytes, at + 5);
    const start = at + frameHeaderBytes;
    if (frames.block.isOpen && (type !== FrameType.continuation || streamId !== frames.block.streamId)) {
      return this.fail(ErrorCode.protocolError);
    }
    if (!this.#hasGreeted) {
      // SETTINGS come before all else (RFC 9113, 3.4).
      if (type !== FrameType.settings || (flags & Flag.ack) !== 0) {
        return this.fail(ErrorCode.protocolError);
      }
      this.#hasGreeted = true;
    }
    switch (type) {
      case FrameType.headers:
        return frames.takeHeaders(bytes, start, end, flags, streamId);
      case FrameType.data:
        return frames.takeData(bytes, start, end, flags, streamId);
      case FrameType.rstStream:
        return frames.takeReset(streamId, end - start);
    }
    if (!this.rates.controlFrames.take(this.#now)) {
      return this.fail(ErrorCode.enhanceYourCalm);
    }
    return type === FrameType.continuation
      ? frames.takeContinuation(bytes, start, end, flags)
      : takeControlFrame(this, { type, flags, streamId, bytes, start, end });
  }

  #endWhatIsLate(): void {
    if (this.#patience.isPartialLate(this.#now)) {
      this.fail(ErrorCode.enhanceYourCalm);
    }
    for (const stream of this.streams.all()) {
      const isLate = this.#now - stream.openedAt > streamMsMax;
      if (isLate && (!stream.requestEnded || stream.unsent !== undefined)) {
        this.resetStream(stream, ErrorCode.cancel);
      }
    }
  }

  #countFault(): boolean {
    return this.rates.faults.take(this.#now) || this.fail(ErrorCode.enhanceYourCalm);
  }

  #beginTurn(): void {
    this.#now = this.#clock();
    this.#isInTurn = true;
  }

  /** `hasMore`: what came next is here already, and is read before the event loop does anything else. */
  #finishTurn(hasMore = false): void {
    this.#isInTurn = false;
    if (this.#isOver) {
      // All that may be said is said.
      this.sender.discard();
      return;
    }
    this.rates.controlFrames.give(this.sender.takeDataFrames() * controlFramesPerAnswer);
    if (this.sender.unsentBytes > unsentBytesMax) {
      this.fail(ErrorCode.enhanceYourCalm);
      return;
    }
    this.sender.endTurn(hasMore && !this.#isEnding);
    if (!this.sender.noteWaiting(this.streams.size)) {
      this.fail(ErrorCode.enhanceYourCalm);
      // It takes too little of what we say to be waited for.
      this.#socket.destroy();
      return;
    }
    if (this.#socket.writableLength > outputBytesMax && !this.#socket.isPaused()) {
      this.#socket.pause();
      this.#socket.once('drain', () => this.#socket.resume());
    }
    if (this.#isEnding && this.streams.size === 0) {
      this.#isOver = true;
      this.#socket.end();
    }
  }
}
