import type { Socket } from 'node:net';
import { FrameWriter } from '../frames/frame-writer.ts';
import {
  defaultFrameBytesMax,
  defaultWindow,
  Flag,
  FrameType,
  frameHeaderBytes,
  windowMax,
  writeFrameHeader,
  writeUint32,
} from '../frames/frames.ts';
import { openStreamBytes, waitingBytesMaxInAll, waitingBytesShare } from '../limits/limits.ts';
import { Output } from '../output.ts';
import type { OutputPool } from '../output-pool.ts';
import { FlushPace } from './flush-pace.ts';
import type { Stream, Unsent } from './stream.ts';

/** gRPC's prefix of a message: whether it is compressed, and its length. */
const messagePrefixBytes = 5;
/** Before a message whose headers are indexes only: its HEADERS frame with two bytes, the DATA frame's header, the prefix. */
export const messageLead = frameHeaderBytes + 2 + frameHeaderBytes + messagePrefixBytes;
const indexedTrailersBytes = frameHeaderBytes + 1;
const nothing = Buffer.alloc(0);

/** Everything that we send on one connection, and what the peer lets us send (RFC 9113, 5.2 and 6.9). */
export class Sender<Call> extends FrameWriter {
  readonly #socket: Socket;
  #window = defaultWindow;
  #initialWindow = defaultWindow;
  #frameBytesMax = defaultFrameBytesMax;
  /** Streams whose answers wait for the connection's window alone, oldest first. */
  readonly #waiting = new Set<Stream<Call>>();
  #unsentBytes = 0;
  /** What was counted as waiting at the end of the last turn. */
  #notedBytes = 0;
  readonly #pace = new FlushPace(() => this.flush());
  #dataFrames = 0;

  constructor(socket: Socket, outputs: OutputPool) {
    super(new Output(socket, outputs));
    this.#socket = socket;
  }

  /** Bytes of answers that wait for a window. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** Counts what waits here, so many streams among it, with what waits on all connections (T17). Answers whether it may. */
  noteWaiting(openStreams: number): boolean {
    const waiting = this.#unsentBytes + this.#socket.writableLength + openStreams * openStreamBytes;
    this.output.pool.waitingBytes += waiting - this.#notedBytes;
    this.#notedBytes = waiting;
    return waiting <= waitingBytesShare || this.output.pool.waitingBytes <= waitingBytesMaxInAll;
  }

  override discard(): void {
    this.#pace.restart();
    super.discard();
  }

  /** The connection is closed: nothing waits here any more. */
  release(): void {
    this.discard();
    this.output.pool.waitingBytes -= this.#notedBytes;
    this.#notedBytes = 0;
  }

  /** DATA frames since the last call: each of them may be followed by frames that open windows. */
  takeDataFrames(): number {
    const frames = this.#dataFrames;
    this.#dataFrames = 0;
    return frames;
  }

  /** Told after bytes were handed to the socket. */
  onFlush: () => void = () => undefined;

  flush(): void {
    this.#pace.restart();
    this.output.flush();
    this.onFlush();
  }

  /** A turn of the event loop is over. Writes what is left of it, or holds it back for the next one. */
  endTurn(hasMore: boolean): void {
    this.#pace.endTurn(hasMore);
  }

  setHeaderTableBytes(bytes: number): void {
    this.blocks.resize(bytes);
  }

  setFrameBytesMax(bytes: number): void {
    this.#frameBytesMax = bytes;
  }

  /**
   * Moves the windows of all streams, those that wait too (RFC 9113, 6.9.2). False where one would pass its bound, by this
   * value or by a larger one that was asked for just before.
   */
  setInitialWindow(bytes: number, largest: number, streams: Iterable<Stream<Call>>): boolean {
    const hasGrown = largest > this.#initialWindow;
    this.#initialWindow = bytes;
    const all = hasGrown ? [...streams] : [];
    if (all.some(({ windowBeyondInitial }) => largest + windowBeyondInitial > windowMax)) {
      return false;
    }
    for (const stream of all) {
      this.#goOn(stream);
    }
    return true;
  }

  /** More may be sent on the connection, or on a stream. False where a window would pass its bound (RFC 9113, 6.9.1). */
  widen(stream: Stream<Call> | undefined, bytes: number): boolean {
    if (stream !== undefined) {
      stream.windowBeyondInitial += bytes;
      if (this.#initialWindow + stream.windowBeyondInitial > windowMax) {
        return false;
      }
      this.#goOn(stream);
      return true;
    }
    this.#window += bytes;
    if (this.#window > windowMax) {
      return false;
    }
    for (const waiting of this.#waiting) {
      if (this.#window <= 0) {
        break;
      }
      this.#goOn(waiting);
    }
    return true;
  }

  /** Makes room for an answer that is one gRPC message, which is then written to `bytes`. Answers what `endMessage` needs. */
  beginMessage(): number {
    const begin = this.bytes.at;
    this.bytes.reserve(messageLead);
    this.bytes.at += messageLead;
    return begin;
  }

  /** There is no message after all. */
  dropMessage(begin: number): void {
    this.bytes.at = begin;
  }

  /**
   * The message is written, and the answer ends with it. Nearly always its frames are put around it where it lies; where
   * the windows are too small for it or the header table not filled yet, it is set aside. Answers whether all of it is sent.
   */
  endMessage(stream: Stream<Call>, begin: number): boolean {
    const { bytes } = this;
    const length = bytes.at - begin - messageLead + messagePrefixBytes;
    if (
      !this.blocks.isIndexed ||
      length > this.#window ||
      length > this.#initialWindow + stream.windowBeyondInitial ||
      length > this.#frameBytesMax
    ) {
      return this.#setAside(stream, begin, length);
    }
    this.#window -= length;
    this.#dataFrames += 1;
    bytes.reserve(indexedTrailersBytes);
    const { buffer } = bytes;
    let at = writeFrameHeader(buffer, begin, 2, FrameType.headers, Flag.endHeaders, stream.id);
    at = this.blocks.writeHeaders(buffer, at);
    at = writeFrameHeader(buffer, at, length, FrameType.data, 0, stream.id);
    writePrefix(buffer, at, length - messagePrefixBytes);
    at = writeFrameHeader(buffer, bytes.at, 1, FrameType.headers, Flag.endHeaders | Flag.endStream, stream.id);
    bytes.at = this.blocks.writeTrailers(buffer, at);
    this.#pace.noteAnswer();
    return true;
  }

  /** Sends or queues an answer of any form. Answers whether all of it is sent. */
  send(stream: Stream<Call>, unsent: Unsent): boolean {
    const before = stream.unsent;
    stream.isBegun = true;
    this.#unsentBytes += unsent.data.length;
    if (before !== undefined) {
      before.more ??= [];
      before.more.push(unsent.data);
      before.ending = unsent.ending;
    }
    stream.unsent = before ?? unsent;
    return this.#advance(stream, stream.unsent);
  }

  /** Nothing of the stream is sent any more. */
  forget(stream: Stream<Call>): void {
    this.#waiting.delete(stream);
    const { data = nothing, at = 0, more = [] } = stream.unsent ?? {};
    this.#unsentBytes -= more.reduce((sum, { length }) => sum + length, data.length - at);
    stream.unsent = undefined;
  }

  /** Told of each stream whose answer has been sent to its end later than it was made. */
  onSent: (stream: Stream<Call>) => void = () => undefined;

  #goOn(stream: Stream<Call>): void {
    if (stream.unsent !== undefined && this.#advance(stream, stream.unsent)) {
      this.onSent(stream);
    }
  }

  #setAside(stream: Stream<Call>, begin: number, length: number): boolean {
    const { bytes } = this;
    const prefixAt = begin + messageLead - messagePrefixBytes;
    writePrefix(bytes.buffer, prefixAt, length - messagePrefixBytes);
    const data = Buffer.from(bytes.buffer.subarray(prefixAt, bytes.at));
    bytes.at = begin;
    return this.send(stream, { head: 'grpc', data, at: 0, ending: 'status_ok' });
  }

  /** Sends as much as the windows let pass. Whether nothing is left, and the stream has ended if it was to end. */
  #advance(stream: Stream<Call>, unsent: Unsent): boolean {
    if (unsent.head !== undefined) {
      this.writeHead(stream.id, unsent.head);
      unsent.head = undefined;
    }
    while (unsent.at < unsent.data.length || unsent.more !== undefined) {
      if (unsent.at === unsent.data.length) {
        unsent.data = Buffer.concat(unsent.more ?? []);
        unsent.at = 0;
        delete unsent.more;
        continue;
      }
      const streamWindow = this.#initialWindow + stream.windowBeyondInitial;
      const window = Math.min(this.#window, streamWindow, this.#frameBytesMax);
      const count = Math.min(window, unsent.data.length - unsent.at);
      if (count <= 0) {
        // Whoever waits for its own window is not asked again when the connection's opens: that would cost the more, the more wait (T16).
        if (streamWindow > 0) {
          this.#waiting.add(stream);
        } else {
          this.#waiting.delete(stream);
        }
        return false;
      }
      const isAll = unsent.at + count === unsent.data.length && unsent.more === undefined;
      const isLast = isAll && unsent.ending === 'end';
      const at = this.frame(count, FrameType.data, isLast ? Flag.endStream : 0, stream.id);
      unsent.data.copy(this.bytes.buffer, at, unsent.at, unsent.at + count);
      unsent.at += count;
      this.#window -= count;
      stream.windowBeyondInitial -= count;
      this.#unsentBytes -= count;
      this.#dataFrames += 1;
    }
    this.#waiting.delete(stream);
    if (unsent.ending === 'open') {
      stream.unsent = undefined;
      return false;
    }
    if (unsent.ending === 'status_ok') {
      this.writeTrailers(stream.id);
    }
    stream.unsent = undefined;
    return true;
  }
}

function writePrefix(buffer: Buffer, at: number, length: number): void {
  buffer[at] = 0;
  writeUint32(buffer, at + 1, length);
}
