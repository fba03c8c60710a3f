import type { Frame } from '../raw-http2.ts';
import { BlockReader, type HeaderField } from './block-reader.ts';
import { bit, kind, setting } from './frame-bytes.ts';

export interface StreamView {
  /** The answer's header blocks: its beginning and its trailers, or both in one. */
  readonly blocks: HeaderField[][];
  data: Buffer;
  ended: boolean;
  resetCode: number | undefined;
  window: number;
}

/** Decodes header blocks in their order. */
export interface Blocks {
  allow(tableBytes: number): void;
  read(block: Buffer): HeaderField[];
}

export interface PeerViewOptions {
  readonly blocks?: Blocks;
  /** What was sent is not known, so windows are not counted. */
  readonly lenient?: boolean;
}

const defaultWindow = 65_535;
const frameBytesMax = 16_384;

/**
 * What a client sees of a server's bytes. Throws at whatever a client could not make sense of: a frame that is too long or
 * has no place there, a window that is overdrawn, a header block that can't be decoded.
 */
export class PeerView {
  readonly streams = new Map<number, StreamView>();
  readonly goaways: { readonly last: number; readonly code: number }[] = [];
  readonly pings: Buffer[] = [];
  readonly windowUpdates: { readonly stream: number; readonly increment: number }[] = [];
  acknowledged = 0;
  window = defaultWindow;
  readonly #blocks: Blocks;
  readonly #lenient: boolean;
  #rest = Buffer.alloc(0);
  #initialWindow = defaultWindow;
  #asked: (readonly (readonly [number, number])[])[] = [];

  constructor({ lenient = false, blocks = new BlockReader(lenient) }: PeerViewOptions = {}) {
    this.#blocks = blocks;
    this.#lenient = lenient;
  }

  /** SETTINGS that are sent and count from their acknowledgement on. */
  ask(values: readonly (readonly [id: number, value: number])[]): void {
    this.#asked.push(values);
  }

  /** WINDOW_UPDATE is sent. */
  widen(stream: number, increment: number): void {
    if (stream === 0) {
      this.window += increment;
    } else {
      this.stream(stream).window += increment;
    }
  }

  stream(id: number): StreamView {
    const known = this.streams.get(id);
    if (known !== undefined) return known;
    const fresh = {
      blocks: [],
      data: Buffer.alloc(0),
      ended: false,
      resetCode: undefined,
      window: this.#initialWindow,
    };
    this.streams.set(id, fresh);
    return fresh;
  }

  receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9 && this.#rest.length >= 9 + this.#rest.readUIntBE(0, 3)) {
      const end = 9 + this.#rest.readUIntBE(0, 3);
      const [type = 0, flags = 0] = this.#rest.subarray(3, 5);
      this.#take({ type, flags, stream: this.#rest.readUInt32BE(5), payload: this.#rest.subarray(9, end) });
      this.#rest = this.#rest.subarray(end);
    }
  }

  /** Whether what came ends where a frame ends. */
  get isWhole(): boolean {
    return this.#rest.length === 0;
  }

  #take({ type, flags, stream, payload }: Frame): void {
    if (payload.length > frameBytesMax && !this.#lenient) throw new Error(`a frame of ${payload.length} bytes`);
    if (type === kind.settings) {
      if ((flags & bit.ack) !== 0) this.#applyAsked();
    } else if (type === kind.ping) {
      this.pings.push(Buffer.from(payload));
    } else if (type === kind.goaway) {
      this.goaways.push({ last: payload.readUInt32BE(0), code: payload.readUInt32BE(4) });
    } else if (type === kind.windowUpdate) {
      this.windowUpdates.push({ stream, increment: payload.readUInt32BE(0) });
    } else {
      this.#takeOfStream(type, flags, stream, payload);
    }
  }

  #takeOfStream(type: number, flags: number, id: number, payload: Buffer): void {
    const stream = this.streams.get(id) ?? (id % 2 === 1 ? this.stream(id) : undefined);
    if (stream === undefined) throw new Error(`a frame of type ${type} on stream ${id}`);
    if (type === kind.reset) {
      stream.resetCode = payload.readUInt32BE(0);
      return;
    }
    if (stream.ended || stream.resetCode !== undefined) throw new Error(`a frame behind the end of stream ${id}`);
    if (type === kind.headers) {
      if (stream.blocks.length === 1 && (flags & bit.endStream) === 0) throw new Error('a second beginning');
      stream.blocks.push(this.#blocks.read(payload));
    } else if (type === kind.data) {
      if (stream.blocks.length === 0) throw new Error('data before the headers');
      this.#pay(stream, payload.length);
      stream.data = Buffer.concat([stream.data, payload]);
    } else {
      throw new Error(`a frame of type ${type}`);
    }
    stream.ended = (flags & bit.endStream) !== 0;
  }

  #pay(stream: StreamView, bytes: number): void {
    stream.window -= bytes;
    this.window -= bytes;
    if (!this.#lenient && bytes > 0 && (stream.window < 0 || this.window < 0)) throw new Error('a window is overdrawn');
  }

  #applyAsked(): void {
    this.acknowledged += 1;
    for (const [id, value] of this.#asked.shift() ?? []) {
      if (id === setting.tableBytes) this.#blocks.allow(value);
      if (id === setting.initialWindow) {
        for (const stream of this.streams.values()) stream.window += value - this.#initialWindow;
        this.#initialWindow = value;
      }
    }
  }
}
