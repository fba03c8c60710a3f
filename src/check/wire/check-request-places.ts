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
    if (this.#isShortEntry(end)) return true;
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

  /** Nearly all entries are a key and a value of less than 128 bytes each, and are read at once. */
  #isShortEntry(end: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    const keyStart = cursor.at + 2;
    if (keyStart > end || bytes[keyStart - 2] !== KEY) return false;
    const keyEnd = keyStart + (bytes[keyStart - 1] as number);
    const valueStart = keyEnd + 2;
    if ((bytes[keyStart - 1] as number) > 0x7f || valueStart > end || bytes[keyEnd] !== VALUE) return false;
    const valueLength = bytes[keyEnd + 1] as number;
    if (valueLength > 0x7f || valueStart + valueLength !== end) return false;
    this.#keyStart = keyStart;
    this.#keyEnd = keyEnd;
    this.#valueStart = valueStart;
    this.#valueEnd = end;
    cursor.at = end;
    return true;
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
