import { AnswerBlocks, answerBlockBytesMax, literalFields } from '../hpack/answer-blocks.ts';
import { connectionWindowBytes, headerListBytesMax, streamsMax, streamWindowBytes } from '../limits/limits.ts';
import type { Output } from '../output.ts';
import {
  defaultWindow,
  type ErrorCode,
  Flag,
  FrameType,
  frameHeaderBytes,
  SettingId,
  writeFrameHeader,
  writeUint32,
} from './frames.ts';

const nothing = Buffer.alloc(0);

/** Writes frames of one connection into the output, in the order in which they are sent; what no window holds back can be asked for as it is. */
export abstract class FrameWriter {
  protected readonly output: Output;
  protected readonly blocks = new AnswerBlocks();

  constructor(output: Output) {
    this.output = output;
  }

  /** Where frames are written. */
  get bytes() {
    return this.output.bytes;
  }

  /** Bytes of frames since the last flush. */
  get writtenBytes(): number {
    return this.output.length;
  }

  /** Forgets what was written since the last flush. */
  discard(): void {
    this.output.discard();
  }

  /** The first thing that we say (RFC 9113, 3.4). */
  greet(): void {
    const settings: readonly (readonly [number, number])[] = [
      [SettingId.maxConcurrentStreams, streamsMax],
      [SettingId.initialWindowSize, streamWindowBytes],
      [SettingId.maxHeaderListSize, headerListBytesMax],
    ];
    let at = this.frame(settings.length * 6, FrameType.settings, 0, 0);
    for (const [id, value] of settings) {
      this.bytes.buffer[at] = 0;
      this.bytes.buffer[at + 1] = id;
      at = writeUint32(this.bytes.buffer, at + 2, value);
    }
    this.openWindow(0, connectionWindowBytes - defaultWindow);
  }

  acknowledgeSettings(): void {
    this.frame(0, FrameType.settings, Flag.ack, 0);
  }

  acknowledgePing(bytes: Buffer, start: number): void {
    const at = this.frame(8, FrameType.ping, Flag.ack, 0);
    bytes.copy(this.bytes.buffer, at, start, start + 8);
  }

  /** Gives back bytes of a stream's window, or with 0 of the connection's (RFC 9113, 6.9). */
  openWindow(streamId: number, bytes: number): void {
    const at = this.frame(4, FrameType.windowUpdate, 0, streamId);
    writeUint32(this.bytes.buffer, at, bytes);
  }

  reset(streamId: number, code: ErrorCode): void {
    const at = this.frame(4, FrameType.rstStream, 0, streamId);
    writeUint32(this.bytes.buffer, at, code);
  }

  /** RFC 9113, 6.8: no stream above this one is or will be worked on. */
  goAway(lastStreamId: number, code: ErrorCode): void {
    const at = this.frame(8, FrameType.goaway, 0, 0);
    writeUint32(this.bytes.buffer, writeUint32(this.bytes.buffer, at, lastStreamId), code);
  }

  /** An answer of header fields only, which no window holds back. */
  sendHeadersOnly(streamId: number, fields: readonly (readonly [string, string])[]): void {
    this.#writeBlock(streamId, literalFields(fields), Flag.endStream);
  }

  /** The beginning of an answer: gRPC's, or fields that are encoded already. */
  protected writeHead(streamId: number, head: 'grpc' | Buffer): void {
    if (head !== 'grpc') {
      this.#writeBlock(streamId, head, 0);
      return;
    }
    this.#writeBlock(streamId, nothing, 0, (buffer, at) => this.blocks.writeHeaders(buffer, at));
  }

  /** `grpc-status: 0`, which ends the stream. */
  protected writeTrailers(streamId: number): void {
    this.#writeBlock(streamId, nothing, Flag.endStream, (buffer, at) => this.blocks.writeTrailers(buffer, at));
  }

  /** One HEADERS frame; what stands in it must be written now, since the order of blocks is that of the table's changes. */
  #writeBlock(
    streamId: number,
    block: Buffer,
    flags: number,
    write: (buffer: Buffer, at: number) => number = (buffer, at) => this.blocks.writeResize(buffer, at),
  ): void {
    const { bytes } = this;
    bytes.reserve(frameHeaderBytes + answerBlockBytesMax + block.length);
    const begin = bytes.at;
    let at = write(bytes.buffer, begin + frameHeaderBytes);
    at += block.copy(bytes.buffer, at);
    const length = at - begin - frameHeaderBytes;
    writeFrameHeader(bytes.buffer, begin, length, FrameType.headers, flags | Flag.endHeaders, streamId);
    bytes.at = at;
  }

  /** Answers where the payload is to be written; it is counted as written. */
  protected frame(length: number, type: number, flags: number, streamId: number): number {
    const { bytes } = this;
    bytes.reserve(frameHeaderBytes + length);
    const at = writeFrameHeader(bytes.buffer, bytes.at, length, type, flags, streamId);
    bytes.at = at + length;
    return at;
  }
}
