import { mayHoldSecret } from '../../keys/holds-checked-secret.ts';
import { mayBeWanted } from './header-slots.ts';
import { HeaderValues } from './header-values.ts';
import { OVER, ProtobufCursor } from './protobuf-cursor.ts';

/** Tags of what is read: the field's number in `proto/`, times eight, plus two, since all of it is length-delimited. */
const ATTRIBUTES = 0x0a;
const SOURCE = 0x0a;
const REQUEST = 0x22;
const CONTEXT_EXTENSIONS = 0x52;
const HTTP = 0x12;
const HEADERS = 0x1a;
const PATH = 0x22;
const QUERY = 0x3a;
const BODY = 0x5a;
const RAW_BODY = 0x62;
const HEADER_MAP = 0x6a;
const HEADER_MAP_HEADERS = 0x0a;
const KEY = 0x0a;
const VALUE = 0x12;
const RAW_VALUE = 0x1a;
/** Peer.address, Address.socket_address, SocketAddress.address: each in the one before. */
const callerAddressPath = [0x0a, 0x0a, 0x12];

/** Set by a route's ext_authz settings to name its model (B6a). */
const pinExtension = Buffer.from('modelgate_model');

/**
 * Where in the bytes of a CheckRequest the things lie that a check reads; empty stretches where they are missing. A message
 * that comes twice is merged, and of a value that comes twice the last one counts, as protobuf has it.
 */
export class CheckRequestPlaces {
  readonly headers = new HeaderValues();
  pathStart = 0;
  pathEnd = 0;
  queryStart = 0;
  queryEnd = 0;
  bodyStart = 0;
  bodyEnd = 0;
  rawBodyStart = 0;
  rawBodyEnd = 0;
  callerAddressStart = 0;
  callerAddressEnd = 0;
  /** -1 where the route pins no model. */
  pinStart = -1;
  pinEnd = -1;

  readonly #cursor = new ProtobufCursor();
  /** The entry of a map, or of `header_map`, that was read last. */
  #keyStart = 0;
  #keyEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;
  #rawValueStart = 0;
  #rawValueEnd = 0;

  /** Finds them between two places; false where the bytes there are no CheckRequest. */
  find(bytes: Buffer, start: number, end: number): boolean {
    this.headers.reset(bytes);
    this.pathStart = this.pathEnd = 0;
    this.queryStart = this.queryEnd = 0;
    this.bodyStart = this.bodyEnd = 0;
    this.rawBodyStart = this.rawBodyEnd = 0;
    this.callerAddressStart = this.callerAddressEnd = 0;
    this.pinStart = this.pinEnd = -1;
    this.#cursor.bytes = bytes;
    this.#cursor.at = start;
    return this.#inCheckRequest(end);
  }

  #inCheckRequest(end: number): boolean {
    const cursor = this.#cursor;
    for (;;) {
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      if (tag !== ATTRIBUTES) cursor.at = cursor.contentEnd;
      else if (!this.#inAttributes(cursor.contentEnd)) return false;
    }
  }

  #inAttributes(end: number): boolean {
    const cursor = this.#cursor;
    for (;;) {
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      const { contentEnd } = cursor;
      if (tag === REQUEST) {
        if (!this.#inRequest(contentEnd)) return false;
      } else if (tag === SOURCE) {
        if (!this.#inSource(contentEnd, 0)) return false;
      } else if (tag === CONTEXT_EXTENSIONS) {
        if (!this.#inEntry(contentEnd)) return false;
        this.#notePin();
      } else {
        cursor.at = contentEnd;
      }
    }
  }

  #inSource(end: number, level: number): boolean {
    const cursor = this.#cursor;
    for (;;) {
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      const { contentEnd } = cursor;
      if (tag === callerAddressPath[level] && level + 1 < callerAddressPath.length) {
        if (!this.#inSource(contentEnd, level + 1)) return false;
      } else {
        if (tag === callerAddressPath[level]) {
          this.callerAddressStart = cursor.at;
          this.callerAddressEnd = contentEnd;
        }
        cursor.at = contentEnd;
      }
    }
  }

  #inRequest(end: number): boolean {
    const cursor = this.#cursor;
    for (;;) {
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      if (tag !== HTTP) cursor.at = cursor.contentEnd;
      else if (!this.#inHttp(cursor.contentEnd)) return false;
    }
  }

  #inHttp(end: number): boolean {
    const cursor = this.#cursor;
    for (;;) {
      this.#takeShortHeaders(end);
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      const { at, contentEnd } = cursor;
      cursor.at = contentEnd;
      if (tag === HEADERS) {
        cursor.at = at;
        if (!this.#inEntry(contentEnd)) return false;
        this.headers.addPlain(this.#keyStart, this.#keyEnd, this.#valueStart, this.#valueEnd);
      } else if (tag === HEADER_MAP) {
        cursor.at = at;
        if (!this.#inHeaderMap(contentEnd)) return false;
      } else {
        this.#noteOfHttp(tag, at, contentEnd);
      }
    }
  }

  #noteOfHttp(tag: number, start: number, end: number): void {
    if (tag === PATH) {
      this.pathStart = start;
      this.pathEnd = end;
    } else if (tag === BODY) {
      this.bodyStart = start;
      this.bodyEnd = end;
    } else if (tag === RAW_BODY) {
      this.rawBodyStart = start;
      this.rawBodyEnd = end;
    } else if (tag === QUERY) {
      this.queryStart = start;
      this.queryEnd = end;
    }
  }

  #inHeaderMap(end: number): boolean {
    const cursor = this.#cursor;
    for (;;) {
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      if (tag !== HEADER_MAP_HEADERS) {
        cursor.at = cursor.contentEnd;
      } else {
        if (!this.#inEntry(cursor.contentEnd)) return false;
        this.#noteRawHeader();
      }
    }
  }

  #noteRawHeader(): void {
    const isRaw = this.#rawValueStart < this.#rawValueEnd;
    const start = isRaw ? this.#rawValueStart : this.#valueStart;
    this.headers.addRaw(this.#keyStart, this.#keyEnd, start, isRaw ? this.#rawValueEnd : this.#valueEnd, isRaw);
  }

  /** A map's entry is a message of a key and a value; so is a HeaderValue, with a raw value besides. */
  #inEntry(end: number): boolean {
    const cursor = this.#cursor;
    this.#keyStart = this.#keyEnd = 0;
    this.#valueStart = this.#valueEnd = 0;
    this.#rawValueStart = this.#rawValueEnd = 0;
    for (;;) {
      const tag = cursor.next(end);
      if (tag <= OVER) return tag === OVER;
      const { at, contentEnd } = cursor;
      cursor.at = contentEnd;
      if (tag === KEY) {
        this.#keyStart = at;
        this.#keyEnd = contentEnd;
      } else if (tag === VALUE) {
        this.#valueStart = at;
        this.#valueEnd = contentEnd;
      } else if (tag === RAW_VALUE) {
        this.#rawValueStart = at;
        this.#rawValueEnd = contentEnd;
      }
    }
  }

  /**
   * Nearly all headers are entries of less than 128 bytes, a key and then a value: as many as follow each other are read at
   * once. Stops before the first that is anything else.
   */
  #takeShortHeaders(end: number): void {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    let { at } = cursor;
    while (at + 4 < end && bytes[at] === HEADERS && bytes[at + 2] === KEY) {
      const length = bytes[at + 1] as number;
      const entryEnd = at + 2 + length;
      const keyLength = bytes[at + 3] as number;
      const valueStart = at + 4 + keyLength + 2;
      if (length > 0x7f || entryEnd > end || valueStart > entryEnd || bytes[valueStart - 2] !== VALUE) break;
      if (bytes[valueStart - 1] !== entryEnd - valueStart) break;
      if (mayBeWanted(keyLength) || mayHoldSecret(entryEnd - valueStart))
        this.headers.addPlain(at + 4, valueStart - 2, valueStart, entryEnd);
      at = entryEnd;
    }
    cursor.at = at;
  }

  #notePin(): void {
    const { bytes } = this.#cursor;
    if (
      this.#keyEnd - this.#keyStart === pinExtension.length &&
      bytes.compare(pinExtension, 0, pinExtension.length, this.#keyStart, this.#keyEnd) === 0
    ) {
      this.pinStart = this.#valueStart;
      this.pinEnd = this.#valueEnd;
    }
  }
}
